import { describe, expect, it } from 'vitest'
import { fileAt } from '../../../../src/domain/file/file.ts'
import { listIn, objectIn } from '../../../../src/domain/json/parts.ts'
import { recorded } from '../../../support/transcripts.ts'
import { as, refusing } from '../support/recorded-app.ts'
import { running } from '../support/running.ts'

describe('the output of a run in a Gradio app', () => {
  it('has each component by its label, from defaults that were not given', async () => {
    const { app, run } = await running('success', ['echo'])
    const { prediction } = await run('echo', { name: 'Ada' })
    expect(prediction).toMatchObject({
      status: 'succeeded',
      output: { text: 'Hello Ada! Hello Ada!', details: { style: 'plain', level: 0.5, n: 2 } },
    })
    expect(prediction.metrics?.predict_time).toBeCloseTo(0.0002, 4)
    expect(app.bodies('/join')).toMatchObject([
      { fn_index: 0, data: ['Ada', 2, 0.5, 'plain', false] },
    ])
  })

  it('is shown while a generator makes it, of what changed', async () => {
    const { run } = await running('generator', ['words'])
    const { prediction, outputs } = await run('words', { text: 'one two three four five' })
    expect(prediction).toMatchObject({ status: 'succeeded', output: 'one two three four five' })
    expect(outputs[0]).toBe('one')
    expect(outputs).toContain('one two three')
  })

  it('may be replaced by a generator', async () => {
    const { run } = await running('generator-two-outputs', ['multi'])
    const { prediction, outputs } = await run('multi', { n: 4 })
    expect(outputs[0]).toEqual({ text: '1 of 4', details: { done: 1, items: ['item 1'] } })
    expect(prediction.output).toMatchObject({ text: '4 of 4', details: { done: 4 } })
  })

  it('may shrink again', async () => {
    const { run } = await running('generator-grow-shrink', ['grow'])
    const { prediction } = await run('grow', { n: 3 })
    expect(prediction.status).toBe('succeeded')
    expect(prediction.output).toMatchObject([{ role: 'user', content: [{ text: 'line 1' }] }])
    expect(prediction.output).toHaveLength(1)
  })

  it('is a conversation that grows', async () => {
    const { app, run } = await running('success-chatbot-generator', ['chat'])
    const { prediction } = await run('chat', { msg: 'hello' })
    expect(app.bodies('/join')).toMatchObject([{ data: ['hello', []] }])
    expect(prediction.output).toMatchObject({
      your_name: '',
      talk: [{ role: 'user' }, { role: 'assistant', content: [{ text: 'I am a bot' }] }],
    })
  })

  it('leaves out the state, which each run has of its own', async () => {
    const { app, run } = await running('success-state-null', ['count'])
    expect((await run('count')).prediction.output).toBe('count 1')
    await run('count')
    const [first, second] = app.bodies('/join')
    expect(first).toMatchObject({ data: [null] })
    expect(first.session_hash).not.toBe(second.session_hash)
  })

  it('is the value of a change to a component', async () => {
    const { run } = await running('success-update-dict', ['update'])
    expect((await run('update', { x: 'abc' })).prediction.output).toBe('cba')
  })

  it('comes from a function without inputs', async () => {
    const { run } = await running('success-nothing-in', ['nothing'])
    expect((await run('nothing')).prediction.output).toBe('no inputs')
  })

  it('has its files in our own store, from the app itself', async () => {
    const { app, run } = await running('gallery', ['gallery'])
    const { prediction } = await run('gallery', { n: 2 })
    expect(prediction.output).toMatchObject([{ caption: 'tile 1' }, { caption: 'tile 2' }])
    expect(prediction.files).toHaveLength(2)
    expect(prediction.files[0]).toMatchObject({ name: 'image.png', type: 'image/png' })
    expect(app.asked.filter(({ what }) => what.includes('/file='))).toHaveLength(2)
  })

  it('keeps the names of files that need to be encoded in an address', async () => {
    const { app, run } = await running('files', ['files'])
    const { prediction } = await run('files', { f: [] })
    expect(prediction.files.map(({ name }) => name)).toEqual(['a.txt', 'b c.txt'])
    expect(app.asked.filter(({ what }) => what.endsWith('/b%20c.txt'))).toHaveLength(1)
    expect(
      fileAt(Array.isArray(prediction.output) ? prediction.output[0] : null, prediction.files),
    ).toBeTruthy()
  })

  it('says in the logs which file the app does not give away', async () => {
    const { app, run } = await running('pic', ['pic'])
    app.answer('file', as('file-not-allowed'))
    const { prediction } = await run('pic', { img: 'https://example.com/a.png' })
    expect(prediction).toMatchObject({ status: 'succeeded', output: null })
    expect(prediction.logs).toBe(
      'image.png could not be copied from the app: The app returned 403.\n',
    )
  })

  describe('of a function that does not wait in the queue', () => {
    const called = 'POST /gradio_api/run/words'

    async function unqueued() {
      const given = await running('success', ['words'])
      const config = objectIn(JSON.parse(recorded('gradio', 'config').response.body.toString()))
      const dependencies = listIn(config.dependencies).map((one) => ({
        ...objectIn(one),
        queue: false,
      }))
      given.app.answer('GET /config', refusing(200, { ...config, dependencies }))
      return given
    }

    it('is the answer to one request', async () => {
      const { app, run } = await unqueued()
      app.answer(called, refusing(200, { data: ['at once'], duration: 0.1 }))
      const { prediction } = await run('words', { text: 'a' })
      expect(prediction).toMatchObject({ status: 'succeeded', output: 'at once' })
      expect(JSON.parse(app.asks(called)[0]?.body ?? '')).toMatchObject({
        data: ['a'],
        fn_index: 1,
      })
    })

    it.each([
      [500, { error: 'Not today' }, 'Not today'],
      [500, { error: null }, /does not say why/],
      [422, { detail: [{ msg: 'too long' }] }, 'Too long.'],
      [302, {}, /redirect/],
    ])('may be a failure: %s %j', async (status, body, sentence) => {
      const { app, run } = await unqueued()
      app.answer(called, refusing(status, body))
      expect((await run('words', { text: 'a' })).prediction.error).toMatch(sentence)
    })
  })
})
