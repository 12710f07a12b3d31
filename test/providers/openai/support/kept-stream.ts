import { setTimeout as wait } from 'node:timers/promises'
import { type Routes, replaying, sendJson, streaming } from './upstream.ts'

/** A llama.cpp server as it was recorded, which keeps no streams. */
export const plainLlama: Routes = {
  'GET /v1/models': replaying('llama', 'models'),
  'GET /props': replaying('llama', 'props'),
  'POST /v1/embeddings': replaying('llama', 'embeddings-not-enabled'),
  'POST /v1/rerank': replaying('llama', 'rerank-not-enabled'),
}
/** A newer one, which keeps streams. */
const keeping: Routes = { ...plainLlama, 'POST /v1/streams/lookup': [] }

/** A llama.cpp that keeps one stream of so many items, some time apart, as its recordings show. */
export function keptStream(items: number, everyMs: number) {
  let written: Buffer[] = []
  let isDone = false
  let canceled = false
  let key = ''
  const write = (text: string) => void written.push(Buffer.from(text))
  const event = (delta: object, reason: string | null = null) =>
    write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`)

  async function generate(work: (ms: number) => Promise<void>) {
    for (let item = 1; item <= items && !canceled; item++) {
      if (item <= 2) event({ reasoning_content: `thought ${item} ` })
      event({ content: `${item} ` })
      await work(everyMs)
    }
    if (!canceled) event({}, 'stop')
    if (!canceled) write('data: [DONE]\n\n')
    isDone = true
  }

  const follow = (from: number) =>
    streaming(async ({ response, signal, work }) => {
      let sent = from
      while (!signal.aborted) {
        const all = Buffer.concat(written)
        if (all.length > sent) response.write(all.subarray(sent))
        sent = all.length
        if (isDone) break
        await work(2)
      }
      response.end()
    })

  const routes: Routes = {
    ...keeping,
    'POST /v1/streams/lookup': ({ body }, response) => {
      const wanted = Array.isArray(body.conversation_ids) && body.conversation_ids.includes(key)
      const kept = { conversation_id: key, is_done: isDone, total_bytes: 0 }
      sendJson(response, 200, wanted && key !== '' ? [kept] : [])
    },
    'POST /v1/chat/completions': async (asked, response) => {
      key = String(asked.headers['x-conversation-id'] ?? '')
      written = []
      void generate((ms) => wait(ms))
      await follow(0)(asked, response)
    },
    'GET /v1/stream': async (asked, response) => {
      const from = Number(new URL(asked.url, 'http://a').searchParams.get('from'))
      await follow(from)(asked, response)
    },
    'DELETE /v1/stream': (_asked, response) => {
      canceled = true
      key = ''
      response.writeHead(204).end()
    },
  }
  const whole = Array.from({ length: items }, (_, at) => `${at + 1} `).join('')
  return { routes, whole, isCanceled: () => canceled, isDone: () => isDone }
}
