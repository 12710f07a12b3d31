import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { upstreamWith } from '../../providers/openai/support/asking.ts'
import { modelList, sendJson, streaming } from '../../providers/openai/support/upstream.ts'
import { allProviders } from '../../support/all-providers.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues, toFormData } from '../../support/visitor.ts'

const environment = { SANDPIT_AUTH: 'basic:olga:a password' }
const headers = { Authorization: `Basic ${Buffer.from('olga:a password').toString('base64')}` }

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({ environment, providers: allProviders })
})
afterEach(() => sandpit.close())

async function post(path: string, values: FormValues) {
  const body = toFormData(values)
  const answer = await createVisitor(sandpit).request(path, { method: 'POST', body, headers })
  return {
    status: answer.status,
    location: answer.headers.get('Location'),
    html: await answer.text(),
  }
}

const look = (where: string, values: FormValues = {}) => post('/models/new', { where, ...values })
const serverOf = async (ids: readonly string[]) =>
  (await upstreamWith({ 'GET /v1/models': modelList(ids, 'someone') })).url

/** The names in the rows of a page, by the server's names. */
function namesIn(html: string): Readonly<Record<string, string>> {
  const rows = [...html.matchAll(/name="name-([^"]+)" value="([^"]*)"/g)]
  return Object.fromEntries(rows.map(([, id, name]) => [id, name]))
}

/** Sends the form of a page as it is, with all of its models chosen. */
function save(where: string, names: Readonly<Record<string, string>>) {
  const named = Object.entries(names).map(([id, name]) => [`name-${id}`, name])
  return post('/models', { where, take: Object.keys(names), ...Object.fromEntries(named) })
}

describe('the names of models of a server', () => {
  const ids = ['qwen3:8b', 'qwen3-8b', 'QWEN3-8B.gguf', 'sandpit/hello-world', 'settings/x']

  it('are names that saving takes, whatever they would be called', async () => {
    const where = await serverOf(ids)
    const names = namesIn((await look(where)).html)
    expect(names).toEqual({
      'qwen3:8b': 'upstream/qwen3-8b',
      'qwen3-8b': 'upstream/qwen3-8b-2',
      'QWEN3-8B.gguf': 'upstream/qwen3-8b-3',
      'sandpit/hello-world': 'sandpit/hello-world-2',
      'settings/x': 'upstream/x',
    })
    expect(await save(where, names)).toMatchObject({ status: 303 })
    expect(namesIn((await look(where)).html)).toEqual(names)
  })

  it('are others for another server, and free again once a model is removed', async () => {
    const [one, two] = [await serverOf(['a', 'b']), await serverOf(['a', 'b'])]
    await save(one, namesIn((await look(one)).html))
    const names = namesIn((await look(two)).html)
    expect(names).toEqual({ a: 'upstream/a-2', b: 'upstream/b-2' })
    await post('/settings/models/removal', { model: 'upstream/a' })
    expect(namesIn((await look(two)).html)).toEqual({ ...names, a: 'upstream/a' })
  })

  it('stay as they were typed while a filter narrows the list', async () => {
    const where = await serverOf(Array.from({ length: 25 }, (_, at) => `m-${at}`))
    const typed = { 'name-m-1': 'ann/one', 'name-m-2': 'ann/two', take: ['m-2'] }
    const { html } = await look(where, { filter: 'm-1', ...typed })
    expect(namesIn(html)).toMatchObject({ 'm-1': 'ann/one', 'm-2': 'ann/two' })
    expect(html).toMatch(/value="m-2" checked/)
    expect(html).not.toMatch(/value="m-1" checked/)
  })
})

describe('the kind of a model', () => {
  const ids = ['mystery', 'other']
  const serverWith = async () =>
    upstreamWith({
      'GET /v1/models': modelList(ids, 'someone'),
      'POST /v1/completions': streaming(({ event, raw, response }) => {
        event({ choices: [{ text: 'upon ', finish_reason: null }] })
        event({ choices: [{ text: 'a time', finish_reason: 'stop' }] })
        raw('data: [DONE]\n\n')
        response.end()
      }),
    })
  const chosenKind = (html: string, id: string) => {
    const [, select = ''] =
      new RegExp(`name="kind-${id}"[^>]*>(.*?)</select>`, 's').exec(html) ?? []
    return /value="(\w+)" selected/.exec(select)?.[1]
  }

  it('is guessed, and the one that was said instead stays with the model', async () => {
    const { url: where } = await serverWith()
    expect(chosenKind((await look(where)).html, 'mystery')).toBe('chat')
    const said = { take: ['mystery'], 'kind-mystery': 'embedding', 'kind-other': 'chat' }
    const names = { 'name-mystery': 'ann/vectors', 'name-other': 'ann/other' }
    expect(await post('/models', { where, ...said, ...names })).toMatchObject({ status: 303 })
    expect(sandpit.records.all()[0]?.source).toMatchObject({ kind: 'embedding' })
    const model = await sandpit.runner.findModel({ owner: 'ann', name: 'vectors' })
    expect(model?.description).toBe('Embeddings.')
    expect(model?.version.schema.input.map(({ name }) => name)).toEqual(['input', 'dimensions'])
    expect(chosenKind((await look(where)).html, 'mystery')).toBe('embedding')
    expect(chosenKind((await look(where)).html, 'other')).toBe('chat')
  })

  it('shows its inputs before it is saved, for a server with one model', async () => {
    const { url } = await serverWith()
    const where = `${url}#mystery`
    const { html } = await look(where, { 'kind-mystery': 'rerank', filter: '' })
    expect(html).toContain('ranks documents')
    const only = await serverOf(['mystery'])
    const shown = await look(only, { 'kind-mystery': 'rerank', name: 'ann/ranks' })
    expect(shown.html).toContain('<b>documents</b>')
    expect(shown.html).toMatch(/name="name" value="ann\/ranks"/)
  })

  it('of completions goes on with a text', async () => {
    const { url: where, asks } = await serverWith()
    const values = { take: ['mystery'], 'name-mystery': 'ann/base', 'kind-mystery': 'completion' }
    expect(await post('/models', { where, ...values })).toMatchObject({ status: 303 })
    const model = await sandpit.runner.findModel({ owner: 'ann', name: 'base' })
    if (!model) throw new Error('It is not there')
    const input = { prompt: 'Once ', max_tokens: 5 }
    const asked = { model, input, files: [], createdBy: 'olga', source: 'web' } as const
    const started = await sandpit.runner.start({ ...asked, formKey: null })
    if (!started.ok) throw new Error(started.reason)
    const settled = await sandpit.runner.settledWithin(started.prediction.id, 60_000)
    expect(settled).toMatchObject({ status: 'succeeded', output: ['upon a time'] })
    expect(asks('POST /v1/completions')[0]?.body).toEqual({
      model: 'mystery',
      prompt: 'Once ',
      max_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('that nobody knows is the guessed one', async () => {
    const { url: where } = await serverWith()
    const { html } = await look(where, { 'kind-mystery': 'telepathy', filter: '' })
    expect(chosenKind(html, 'mystery')).toBe('chat')
  })
})

describe('saving', () => {
  const names = { 'name-a': 'ann/a', 'name-b': 'ann/b' }

  it('twice at once, and again after going back, saves each model once', async () => {
    const where = await serverOf(['a', 'b'])
    const press = () => post('/models', { where, take: ['a', 'b'], ...names })
    const both = await Promise.all([press(), press()])
    expect([...both, await press()].map(({ status }) => status)).toEqual([303, 303, 303])
    const saved = sandpit.records.all().map(({ ref, source }) => [ref.name, source?.places])
    const base = new URL(where).origin
    expect(saved).toEqual(['a', 'b'].map((model) => [model, [{ base, model }]]))
  })

  it('with a key that is refused asks for another, and then goes on', async () => {
    const { url: where } = await upstreamWith({
      'GET /v1/models': ({ headers: { authorization } }, response) =>
        authorization === 'Bearer right'
          ? sendJson(response, 200, modelList(['a', 'b'], 'someone'))
          : sendJson(response, 401, { error: { message: 'No' } }),
    })
    const heldIn = (html: string) => /name="held-key" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const wrong = await look(where, { key: 'wrong' })
    expect(wrong.html).toContain('refuses its API key')
    const right = await look(where, { key: 'right' })
    const values = { where, take: ['a', 'b'], ...names, 'held-key': heldIn(right.html) }
    const mistyped = await post('/models', { ...values, key: 'typo' })
    expect(mistyped.status).toBe(422)
    expect(mistyped.html).toContain('<input type="hidden" name="name-b" value="ann/b"')
    expect(mistyped.html).not.toContain('typo')
    expect(sandpit.records.all()).toEqual([])
    expect(await post('/models', values)).toMatchObject({ status: 303 })
    expect(sandpit.upstreamKeys.of(`${where}/v1`)).toBe('right')
  })

  it('is not for somebody who has lost the role since', async () => {
    const where = await serverOf(['a', 'b'])
    const body = toFormData({ where, take: ['a'], ...names })
    const answer = await createVisitor(sandpit).request('/models', { method: 'POST', body })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(sandpit.records.all()).toEqual([])
  })
})

it.each([
  ['http://ann:secret@127.0.0.1:1/v1', 'without a user name and a password'],
  ['http://127.0.0.1:1', 'Check the address, that the server is started'],
])('says what to do about %s', async (where, sentence) => {
  const { status, html } = await look(where)
  expect(status).toBe(422)
  expect(html).toContain(sentence)
})
