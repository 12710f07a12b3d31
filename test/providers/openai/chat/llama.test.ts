import { describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { modelAt, textOf, upstreamWith } from '../support/asking.ts'
import { keptStream, plainLlama } from '../support/kept-stream.ts'
import { type Routes, replaying } from '../support/upstream.ts'

const chat = (name: string): Routes => ({
  ...plainLlama,
  'POST /v1/chat/completions': replaying('llama', name),
})

describe('a recorded answer of llama.cpp', () => {
  it('has the text, the tokens and the speed', async () => {
    const { run } = await modelAt(await upstreamWith(chat('chat-stream-usage')))
    const { prediction } = await run({ prompt: 'a' })
    expect(prediction.status).toBe('succeeded')
    expect(textOf(prediction.output)).toBe('rbp,ojp theo\ufffdo the')
    expect(prediction.metrics).toMatchObject({ input_token_count: 44, output_token_count: 12 })
    expect(prediction.metrics.tokens_per_second).toBeCloseTo(1453.296, 2)
    expect(prediction.metrics.finish_reason).toBe('length')
  })

  it('has its reasoning apart', async () => {
    const { run } = await modelAt(await upstreamWith(chat('chat-stream-reasoning')))
    const { prediction } = await run({ prompt: 'a' })
    expect(prediction).toMatchObject({ status: 'succeeded', output: null })
    expect(prediction.logs).toMatch(/puppjz/)
  })

  it('shows how much of the question is read', async () => {
    const upstream = await upstreamWith(chat('chat-stream-progress-steps'))
    const { run } = await modelAt(upstream)
    const { occurrences, prediction } = await run({ prompt: 'a' })
    const fractions = occurrences.flatMap((one) =>
      one.type === 'progressed' ? (one.progress.fraction ?? []) : [],
    )
    expect(fractions[0]).toBe(0)
    expect(fractions).toContain(16 / 106)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(prediction.progress).toBeNull()
    const [asked] = upstream.asks('POST /v1/chat/completions')
    expect(asked?.body).toMatchObject({ return_progress: true, model: '/srv/models/tiny.gguf' })
  })

  it('fails when its process is killed', async () => {
    const { run } = await modelAt(await upstreamWith(chat('chat-stream-server-killed')))
    const { prediction } = await run({ prompt: 'a' })
    expect(prediction.error).toBe('Its server stopped in the middle of the answer.')
    expect(textOf(prediction.output)).not.toBe('')
  })
})

describe('a stream that llama.cpp keeps', () => {
  it('is followed on after a restart, without a word twice or lost', async () => {
    const kept = keptStream(40, 10)
    const upstream = await upstreamWith(kept.routes)
    const first = await modelAt(upstream)
    const stopping = new AbortController()
    const before = await first.run(
      { prompt: 'a' },
      {
        signal: stopping.signal,
        each: (_, { output }) => void (textOf(output).includes('9 ') && stopping.abort('stopped')),
      },
    )
    expect(kept.isCanceled()).toBe(false)
    const { remote, output, logs } = before.prediction
    expect(remote).toContain(`${upstream.url}#sandpit-`)
    const saved = textOf(output)
    const chunks = Array.isArray(output) ? output.length : 0
    const known = { chunks, units: saved.length, logs: logs.length }
    const second = await modelAt(upstream)
    const after = await second.run({ prompt: 'a' }, { given: { remote, known } })
    expect(after.prediction.status).toBe('succeeded')
    const fresh = after.occurrences.flatMap((one) => (one.type === 'emitted' ? one.chunks : []))
    expect(saved + fresh.join('')).toBe(kept.whole)
    const [emitted] = after.occurrences.filter((one) => one.type === 'emitted')
    expect(emitted).toMatchObject({ index: chunks })
    expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
  })

  it('is read on when the connection breaks', async () => {
    const kept = keptStream(30, 5)
    const route = kept.routes['POST /v1/chat/completions']
    const upstream = await upstreamWith({
      ...kept.routes,
      'POST /v1/chat/completions': async (asked, response) => {
        setTimeout(() => response.socket?.destroy(), 40)
        if (typeof route === 'function') await route(asked, response)
      },
    })
    const { run } = await modelAt(upstream)
    const { prediction } = await run({ prompt: 'a' })
    expect(prediction.status).toBe('succeeded')
    expect(textOf(prediction.output)).toBe(kept.whole)
  })

  it('is stopped there when the run is canceled', async () => {
    const kept = keptStream(10_000, 5)
    const { run } = await modelAt(await upstreamWith(kept.routes))
    const controller = new AbortController()
    await run(
      { prompt: 'a' },
      {
        signal: controller.signal,
        each: (_, { output }) => void (output !== null && controller.abort('canceled')),
      },
    )
    expect(kept.isCanceled()).toBe(true)
    await eventually(kept.isDone)
  })

  it('is run again when it is no longer kept', async () => {
    const kept = keptStream(3, 1)
    const upstream = await upstreamWith(kept.routes)
    const { run } = await modelAt(upstream)
    const remote = `${upstream.url}#sandpit-gone-1`
    const { occurrences } = await run({ prompt: 'a' }, { given: { remote } })
    expect(occurrences.at(-1)).toEqual({ type: 'interrupted', rerun: true })
  })

  it('is not followed at a server that is not configured any longer', async () => {
    const { run } = await modelAt(await upstreamWith(keptStream(1, 1).routes))
    const { prediction } = await run({ prompt: 'a' }, { given: { remote: 'http://gone:1#x' } })
    expect(prediction.error).toContain('no longer configured')
  })
})
