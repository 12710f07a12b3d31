import { describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { as } from '../support/recorded-app.ts'
import { running } from '../support/running.ts'

const data = 'GET /gradio_api/queue/data'
const cancel = 'POST /gradio_api/cancel'

describe('canceling a run in a Gradio app', () => {
  it('stops a generator, and ends when the app says so', async () => {
    const { app, run } = await running('cancel-generator', ['words'])
    app.answer(data, as('cancel-generator.data', 0.2))
    const controller = new AbortController()
    const { prediction, occurrences } = await run(
      'words',
      { text: 'a b c d e' },
      {
        signal: controller.signal,
        each: (_, { output }) => void (output === 'one' && controller.abort('canceled')),
      },
    )
    expect(app.bodies('/cancel')).toMatchObject([
      { fn_index: 1, event_id: '243798fc35734b33bc9e83822f214851' },
    ])
    expect(prediction.output).toBe('one')
    expect(occurrences.some(({ type }) => type === 'failed')).toBe(false)
  })

  it('takes what waits out of the queue of the app', async () => {
    const { app, run } = await running('cancel-waiting', ['slow'])
    app.answer(data, (_asked, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: {"msg":"estimation","rank":3,"event_id":null}\n\n')
      app.answer(cancel, (asked, answer) => {
        response.end()
        return as('cancel-unknown')(asked, answer)
      })
    })
    const controller = new AbortController()
    await run(
      'slow',
      { s: 9 },
      {
        signal: controller.signal,
        each: ({ type }) => void (type === 'progressed' && controller.abort('canceled')),
      },
    )
    expect(app.asks(cancel)).toHaveLength(1)
  })

  it('keeps the slot of a plain function until that ends, without asking the app', async () => {
    const { app, run } = await running('queue-first', ['slow'])
    const ends = Promise.withResolvers<void>()
    app.answer(data, async (_asked, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: {"msg":"process_starts","event_id":null}\n\n')
      await ends.promise
      response.end('data: {"msg":"process_completed","success":true,"output":{"data":[1]}}\n\n')
    })
    const controller = new AbortController()
    await run(
      'slow',
      { s: 9 },
      {
        signal: controller.signal,
        each: ({ type }) => void (type === 'started' && controller.abort('canceled')),
      },
    )
    expect(app.asks(cancel)).toHaveLength(0)
    app.answer(data, as('queue-first.data'))
    const labels: unknown[] = []
    const next = run('slow', { s: 2 }, { each: (_, { progress }) => labels.push(progress?.label) })
    await eventually(() => labels.includes('Its app still works on a canceled run'))
    expect(app.asks('POST /gradio_api/queue/join')).toHaveLength(1)
    ends.resolve()
    expect((await next).prediction).toMatchObject({ status: 'succeeded', output: 'slept 2.0' })
  })

  it('gives the slot back when the app does not say that a plain function ended', async () => {
    const { app, run } = await running('queue-first', ['slow'], { limits: { lingerMs: 50 } })
    app.answer(data, (_asked, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: {"msg":"process_starts","event_id":null}\n\n')
    })
    const controller = new AbortController()
    const each = ({ type }: { type: string }) =>
      void (type === 'started' && controller.abort('canceled'))
    await run('slow', { s: 9 }, { signal: controller.signal, each })
    app.answer(data, as('queue-first.data'))
    expect((await run('slow', { s: 2 })).prediction.status).toBe('succeeded')
  })

  it('closes the connection alone when the server stops', async () => {
    const { app, run } = await running('cancel-generator', ['words'])
    let isOpen = false
    app.answer(data, (_asked, response) => {
      isOpen = true
      response.once('close', () => {
        isOpen = false
      })
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: {"msg":"process_starts","event_id":null}\n\n')
    })
    const controller = new AbortController()
    await run(
      'words',
      { text: 'a' },
      {
        signal: controller.signal,
        each: ({ type }) => void (type === 'started' && controller.abort('stopped')),
      },
    )
    await eventually(() => !isOpen)
    expect(app.asks(cancel)).toHaveLength(0)
  })
})
