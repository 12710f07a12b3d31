/** The name of a model: `owner/name`. */
export interface ModelRef {
  readonly owner: string
  readonly name: string
}

const namePattern = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/i

/** First parts of our own addresses, which no owner can have. */
export const reservedOwners: ReadonlySet<string> = new Set([
  ...[
    'assets',
    'collections',
    'compare',
    'deployments',
    'docs',
    'embed',
    'embed.css',
    'embed.js',
    'files',
    'g',
    'healthz',
    'hooks',
    'llms.txt',
    'mcp',
    'metrics',
    'models',
  ],
  'account',
  ...['oembed', 'outside', 'p', 'predictions', 'readyz', 's', 'search', 'settings', 'theme', 'v1'],
  ...['account', 'sign-in', 'sign-out', 'signed-out'],
])

/** Whether a text can be the owner of models. */
export function isOwnerName(text: string): boolean {
  return namePattern.test(text) && !reservedOwners.has(text)
}

/** Names that are first parts of our own addresses. Their owner has other models: OpenAI’s at Replicate. */
const reservedNames: ReadonlySet<string> = new Set(['openai/v1'])

/** Reads `owner/name`; null when it is not one, or it is reserved. */
export function parseModelRef(text: string): ModelRef | null {
  const [owner, name, ...rest] = text.split('/')
  if (!owner || !name || rest.length > 0 || reservedNames.has(text)) return null
  return isOwnerName(owner) && namePattern.test(name) ? { owner, name } : null
}

export function modelName(ref: ModelRef): string {
  return `${ref.owner}/${ref.name}`
}

export function sameModel(a: ModelRef, b: ModelRef): boolean {
  return a.owner === b.owner && a.name === b.name
}
