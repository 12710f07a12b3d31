import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** What a server accepted. */
export interface Accepted {
  readonly id: string
  readonly model: string
  /** The output, unless the run was interrupted too often. */
  readonly output: string
  readonly stream: string
  /** Of the file that was uploaded for it. */
  readonly sha256: string | null
}

/** How long a client waits for an answer before it asks again, in milliseconds. */
const patience = 10_000

/** Clients that run one prediction after another until the signal aborts. Resolves with what was accepted. */
export async function runLoad(
  { url, hook, clients }: { readonly url: string; readonly hook: string; readonly clients: number },
  over: AbortSignal,
  onAccepted: (accepted: Accepted) => void,
): Promise<void> {
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let turn = client; !over.aborted; turn++) {
        const accepted = await makeOne(url, hook, turn).catch(() => null)
        if (accepted) onAccepted(accepted)
        await delay(accepted ? 150 : 300)
      }
    }),
  )
}

/** Null when no server took it. */
function makeOne(url: string, webhook: string, turn: number): Promise<Accepted | null> {
  if (turn % 4 === 3) return create(url, webhook, 'careful', {}, 'done')
  if (turn % 4 === 2) return makeWithFile(url, webhook)
  if (turn % 8 === 1) {
    const name = randomBytes(6).toString('hex')
    return create(url, webhook, 'contained', { name }, `hello ${name}`)
  }
  const text = `begun ${randomBytes(6).toString('hex')} then more and an end`
  return create(url, webhook, 'steps', { text, ms: 20 + (turn % 5) * 60 }, text)
}

async function makeWithFile(url: string, webhook: string): Promise<Accepted | null> {
  const bytes = randomBytes(200_000)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const form = new FormData()
  form.append('content', new File([bytes], 'content.bin'))
  const uploaded = await fetch(`${url}/v1/files`, {
    method: 'POST',
    body: form,
    signal: AbortSignal.timeout(patience),
  })
  if (!uploaded.ok) return null
  const { urls } = await uploaded.json()
  const accepted = await create(url, webhook, 'hash', { file: urls.get }, sha256)
  return accepted && { ...accepted, sha256 }
}

async function create(
  url: string,
  webhook: string,
  model: string,
  input: object,
  output: string,
): Promise<Accepted | null> {
  const response = await fetch(`${url}/v1/predictions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      version: `chaos/${model}`,
      input,
      stream: true,
      webhook,
      webhook_events_filter: ['completed'],
    }),
    signal: AbortSignal.timeout(patience),
  })
  if (response.status !== 201) return null
  const { id, urls } = await response.json()
  return { id, model, output, stream: urls.stream, sha256: null }
}
