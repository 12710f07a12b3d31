import { describe, expect, it } from 'vitest'
import { as, refusing, streaming } from '../support/recorded-app.ts'
import { running } from '../support/running.ts'

const data = 'GET /gradio_api/queue/data'
const join = 'POST /gradio_api/queue/join'

/** A message of a run, as the queue of an app writes it. */
function message(json: object): string {
  return `data: ${JSON.stringify({ event_id: 'e', ...json })}\n\n`
}

const begun = message({ msg: 'process_starts', eta: null })
const made = (value: unknown) =>
  message({ msg: 'process_generating', success: true, output: { data: [value] } })
const completed = (value: unknown) =>
  message({ msg: 'process_completed', success: true, output: { data: [value] } })

describe('a run in a Gradio app fails', () => {
  it.each([
    ['error-shown', 'fail', { x: 'Ada' }, 'Refused: Not today: Ada'],
    ['error-hidden', 'crash', { x: 'Ada' }, /does not say why/],
    ['error-bad-choice', 'echo', { name: 'a' }, /nonsense is not in the list of choices/],
    [
      'error-number-out-of-bounds',
      'echo',
      { name: 'a' },
      'Value 99 is greater than maximum value 10.',
    ],
    ['error-too-few', 'echo', { name: 'a' }, /does not say why/],
    ['files-wrong-type', 'files', { f: [] }, /^Invalid file type/],
    ['cancel-waiting', 'slow', { s: 1 }, 'The app canceled this run without being asked to.'],
  ])('with its own sentence: %s', async (name, fn, input, sentence) => {
    const { run } = await running(name, [fn])
    const { prediction } = await run(fn, input)
    expect(prediction.status).toBe('failed')
    expect(prediction.error).toMatch(sentence)
  })

  it('and keeps what a generator had made', async () => {
    const { run } = await running('error-mid-generator', ['midfail'])
    const { prediction } = await run('midfail', { x: 'a' })
    expect(prediction).toMatchObject({
      status: 'failed',
      error: 'Broke in the middle',
      output: 'one two',
      logs: 'Broke in the middle\n',
    })
  })

  it('when the app is killed, and keeps its output', async () => {
    const { run } = await running('server-killed', ['words'])
    const { prediction } = await run('words', { text: 'a b c d' })
    expect(prediction).toMatchObject({ status: 'failed', output: 'one two three' })
    expect(prediction.error).toMatch(/^The app went away in the middle of this run/)
  })

  it('when the app does not know it, after the answer was lost', async () => {
    const { app, run } = await running('success', ['words'])
    app.answer(join, (_asked, response) => response.socket?.destroy())
    app.answer(data, as('data-unknown-session'))
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction.error).toMatch(/^The app does not know this run any longer/)
    expect(app.asks(join)).toHaveLength(1)
  })

  it.each([
    ['unknown-fn.join', /could not begin this/],
    ['join-no-data', 'Field required.'],
    ['file-not-allowed', 'File not allowed: /etc/passwd.'],
  ])('when the app refuses it: %s', async (name, sentence) => {
    const { app, run } = await running('success', ['words'])
    app.answer(join, as(name))
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction.error).toMatch(sentence)
    expect(prediction.logs).toContain(`${app.url} answered`)
  })

  it('when there is no stream', async () => {
    const { app, run } = await running('success', ['words'])
    app.answer(data, (_asked, response) => response.end('<html>'))
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction.error).toMatch(/returned 200 instead of a stream/)
  })

  it('when a message is too large', async () => {
    const { app, run } = await running('success', ['words'], { limits: { maxEventUnits: 1_000 } })
    app.answer(join, refusing(200, { event_id: 'e' }))
    app.answer(data, streaming(begun, `data: ${'x'.repeat(900)}`, 'x'.repeat(900), completed('a')))
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction.error).toMatch(/one of its messages is too large/)
  })

  it('when messages have no end', async () => {
    const { app, run } = await running('success', ['words'], { limits: { maxStreamBytes: 5_000 } })
    app.answer(join, refusing(200, { event_id: 'e' }))
    app.answer(data, streaming(begun, ...Array.from({ length: 100 }, () => made('x'.repeat(100)))))
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction.error).toMatch(/its messages had no end/)
  })

  it('when the app has another schema by now', async () => {
    const { app, run, provider } = await running('success', ['words'])
    const model = await provider.find({ owner: 'app', name: 'words' })
    if (!model) throw new Error('There is no model')
    app.answer('GET /gradio_api/info', refusing(200, { named_endpoints: {} }))
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction.error).toMatch(/has no function \/words any longer/)
  })

  it('when the app is away for longer than its patience', async () => {
    const { app, run, provider } = await running('success', ['words'])
    await provider.find({ owner: 'app', name: 'words' })
    await app.close()
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction.error).toMatch(/cannot be reached/)
  })
})

describe('a run in a Gradio app succeeds', () => {
  it.each([
    ['of what is not there', [['append', ['a', 'b'], 'x']]],
    ['of what all objects have', [['replace', ['__proto__', 'polluted'], true]]],
    ['of a name that is none', [['replace', ['constructor', 'prototype', 'polluted'], true]]],
    ['that is none', 'changed'],
    ['far behind the end of a list', [['add', [1e9], 'x']]],
  ])('though a change came %s', async (_name, change) => {
    const { app, run } = await running('success', ['words'])
    app.answer(join, refusing(200, { event_id: 'e' }))
    app.answer(data, streaming(begun, made({ a: [] }), made(change), completed('whole')))
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction).toMatchObject({ status: 'succeeded', output: 'whole' })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('without files whose paths lead elsewhere', async () => {
    const { app, run } = await running('success', ['words'])
    const file = (path: string) => ({
      path,
      url: null,
      orig_name: 'a',
      meta: { _type: 'gradio.FileData' },
    })
    app.answer(join, refusing(200, { event_id: 'e' }))
    app.answer('file', as('file-not-allowed'))
    const paths = ['/../../v1/secrets', 'http://127.0.0.1:9/private', 'file:///etc/passwd']
    app.answer(data, streaming(begun, completed(paths.map(file))))
    const { prediction } = await run('words', { text: 'a' })
    expect(prediction).toMatchObject({ status: 'succeeded', output: [null, null, null] })
    const asked = app.asked.map(({ what }) => what)
    expect(asked).not.toContain('GET /v1/secrets')
    expect(asked.filter((what) => what.includes('file='))).toHaveLength(1)
    expect(prediction.logs.trimEnd().split('\n')).toHaveLength(3)
  })
})
