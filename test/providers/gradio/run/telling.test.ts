import { describe, expect, it } from 'vitest'
import type { Occurrence } from '../../../../src/domain/prediction/event.ts'
import { as, refusing, streaming } from '../support/recorded-app.ts'
import { running } from '../support/running.ts'

describe('what a Gradio app tells of a run', () => {
  const progressIn = (occurrences: readonly Occurrence[]) =>
    occurrences.flatMap((one) => (one.type === 'progressed' ? [one.progress] : []))

  it('is its progress and its logs', async () => {
    const { run, app } = await running('progress', ['bar'])
    app.answer('GET /gradio_api/queue/data', as('progress.data', 0.05))
    const { prediction, occurrences } = await run('bar', { n: 4 })
    expect(prediction).toMatchObject({ status: 'succeeded', output: 'done 4' })
    expect(prediction.logs).toBe('Almost there\nWarning: Low on salt\n')
    const progress = progressIn(occurrences)
    expect(progress).toContainEqual({ fraction: 0.5, label: 'Cooking 2/4' })
  })

  it('is one bar within another', async () => {
    const { run, app } = await running('progress-nested', ['nested'])
    app.answer('GET /gradio_api/queue/data', as('progress-nested.data', 0.05))
    const { occurrences } = await run('nested', { n: 2 })
    const fractions = progressIn(occurrences).flatMap(({ fraction }) => fraction ?? [])
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(progressIn(occurrences).at(-1)?.label).toBe('Epochs 2/2 · Batches of epoch 2 2/3')
  })

  it('is its place in the queue, before it begins', async () => {
    const { run, app } = await running('queue-third', ['slow'])
    app.answer('GET /gradio_api/queue/data', as('queue-third.data', 0.05))
    const { prediction, occurrences } = await run('slow', { s: 0.3 })
    const labels = progressIn(occurrences).map(({ label }) => label)
    expect(labels).toEqual([
      'Waiting in the queue of its app: 1 before it',
      'Waiting in the queue of its app: next',
    ])
    const types = occurrences.map(({ type }) => type)
    expect(types.indexOf('started')).toBeGreaterThan(types.lastIndexOf('progressed'))
    expect(prediction.output).toBe('slept 0.3')
  })

  it('may be that its queue is full, for a while', async () => {
    const { run, app } = await running('success', ['echo'])
    const join = 'POST /gradio_api/queue/join'
    app.answer(join, (asked, response) => {
      app.answer(join, as('success.join'))
      return as('queue-full')(asked, response)
    })
    const { prediction, occurrences } = await run('echo', { name: 'Ada' })
    expect(progressIn(occurrences)).toContainEqual({ label: 'The queue of its app is full' })
    expect(prediction.status).toBe('succeeded')
  })

  it('is read past heartbeats and what was sent before it listened', async () => {
    const { run, app } = await running('heartbeat', ['slow'])
    expect((await run('slow', { s: 5 })).prediction.output).toBe('slept 5')
    app.play('late-2-read-after-end')
  })

  it('is read whatever the chunks and line ends', async () => {
    const { run, app } = await running('success', ['words'])
    const message = (json: object) => `data:${JSON.stringify({ event_id: 'e', ...json })}\r\n\r\n`
    const bytes = Buffer.from(
      `: hello\r\n\r\n${message({ msg: 'process_starts' })}${message({ msg: 'process_completed', success: true, output: { data: ['Grüße 👋'] } })}`,
    )
    app.answer('POST /gradio_api/queue/join', refusing(200, { event_id: 'e' }))
    const pieces = [...bytes].map((byte) => Buffer.from([byte]))
    app.answer('GET /gradio_api/queue/data', streaming(...pieces))
    expect((await run('words', { text: 'a' })).prediction.output).toBe('Grüße 👋')
  })
})
