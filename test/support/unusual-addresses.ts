import type { TestApp } from './test-app.ts'

/** Parts of addresses that a database may not be able to keep, or to compare. */
const texts = ['%00', 'a%00b', '%ED%A0%80', '%FF', "'", '%25', '9'.repeat(40), '9'.repeat(15)]
const cursors = texts.flatMap((text) => [text, `${'9'.repeat(15)}-${text}`, `1-${text}`])
const names = [
  'q',
  'before',
  'cursor',
  'after',
  'model',
  'who',
  'status',
  'version',
  'group',
  'text',
]

/**
 * Asks each address of `GET` with unusual parts and parameters. Resolves with those that were not answered, or that
 * were answered as an error of the server.
 */
export async function askUnusual({ app }: Pick<TestApp, 'app'>): Promise<readonly string[]> {
  const paths = new Set(app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path))
  const addresses = [...paths].filter((path) => !path.includes('*')).flatMap(unusual)
  const failed: string[] = []
  for (const address of addresses) {
    const { status } = await app.request(address)
    if (status >= 500) failed.push(`${status} ${address}`)
  }
  return failed
}

/** `/p/:id` with each text as its `id`, and a path of no parts with each text as a parameter. */
function unusual(path: string): readonly string[] {
  const parts = path.replaceAll(/\{[^/]*\}/g, '')
  if (parts.includes(':'))
    return texts.map((text) => parts.replaceAll(/:[A-Za-z]+\??/g, () => text))
  return cursors.map((text) => `${parts}?${names.map((name) => `${name}=${text}`).join('&')}`)
}
