import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { textOf, upstreamWith } from '../providers/openai/support/asking.ts'
import { keptStream } from '../providers/openai/support/kept-stream.ts'
import { modelList, type Routes, streaming } from '../providers/openai/support/upstream.ts'
import { eventually } from '../providers/support/eventually.ts'
import { startServer } from '../support/server.ts'

const words = 30
const whole = Array.from({ length: words }, (_, at) => `${at + 1} `).join('')
/** Counts, and ends only what it is asked for after the first time. */
function counting() {
  let asked = 0
  return streaming(async ({ text, end, work }) => {
    const isFirst = asked++ === 0
    for (let word = 1; word <= words; word++) {
      text(`${word} `)
      await work(isFirst && word === 10 ? 600_000 : 20)
    }
    end()
  })
}

/** Asks a chat model, kills the server while it answers, starts another, and waits for the end there. */
async function killedWhileAnswering(routes: Routes) {
  const upstream = await upstreamWith(routes)
  const data = mkdtempSync(join(tmpdir(), 'sandpit-kill-chat-'))
  const environment = { OPENAI_MODELS: `ann/chat=${upstream.url}` }
  const read = async (url: string, id: string) =>
    (await fetch(`${url}/v1/predictions/${id}`)).json()
  const first = await startServer({ data, environment })
  const asked = await fetch(`${first.url}/v1/models/ann/chat/predictions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ input: { prompt: 'Count' } }),
  })
  const { id } = await asked.json()
  await eventually(async () => textOf((await read(first.url, id)).output ?? '').includes('5 '))
  await first.stop('SIGKILL')
  const second = await startServer({ data, environment })
  onTestFinished(async () => void (await second.stop('SIGKILL')))
  await eventually(async () => typeof (await read(second.url, id)).completed_at === 'string')
  return { prediction: await read(second.url, id), upstream }
}

it('goes on with an answer that llama.cpp keeps', async () => {
  const kept = keptStream(words, 20)
  const { prediction, upstream } = await killedWhileAnswering(kept.routes)
  expect(prediction).toMatchObject({ status: 'succeeded', error: null })
  expect(textOf(prediction.output)).toBe(whole)
  expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
})

it('asks a server of our own again, once, and says so', async () => {
  const { prediction, upstream } = await killedWhileAnswering({
    'GET /v1/models': modelList(['m'], 'vllm'),
    'POST /v1/chat/completions': counting(),
  })
  expect(prediction).toMatchObject({ status: 'succeeded', error: null })
  expect(textOf(prediction.output)).toBe(whole)
  expect(prediction.logs).toMatch(/^The server stopped during this run/)
  expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(2)
})

it('asks a service that may be paid for never twice', async () => {
  const { prediction, upstream } = await killedWhileAnswering({
    'GET /v1/models': modelList(['m'], 'someone'),
    'POST /v1/chat/completions': counting(),
  })
  expect(prediction.status).toBe('failed')
  expect(prediction.error).toMatch(/not set to run again automatically/)
  expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
})
