/** Where a reader keeps a secret: `API_KEY` for `api-key`. */
export function environmentName(input: string): string {
  const name = input.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  return /^[A-Z]/.test(name) ? name : `INPUT_${name}`
}

/** An address that a reader replaces by one of their own. */
export const webhookAddress = 'https://example.com/webhook'
