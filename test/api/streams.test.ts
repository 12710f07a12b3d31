import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tokenHash } from '../../src/routes/request/personal-tokens.ts'
import { newTokenText } from '../../src/routes/request/token-text.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { namedPerson } from '../support/named-person.ts'
import { tokenOf } from '../support/people.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const models = writeModels({
  talks: `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'kestrel/talks', description: 'Says a word, and works until it is canceled.',
      input: z.object({ text: z.string() }), output: z.string(),
      run: async function* ({ text }, ctx) {
        yield text
        await new Promise((_, stop) => ctx.signal.addEventListener('abort', stop))
      },
    })`,
})

let sandpit: TestApp
let token = ''
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' },
  })
  await namedPerson(sandpit, 'ada').get('/')
  await namedPerson(sandpit, 'olga').get('/')
  token = newTokenText()
  const own = { person: 'ada', account: 'ada', scopes: ['read', 'run'] as const }
  await sandpit.store.addToken(tokenOf('ada', { ...own, hash: tokenHash(token) }))
})
afterAll(() => sandpit.close())

async function ask(path: string, body?: object) {
  const headers = { Host: 'localhost', Authorization: `Bearer ${token}` }
  const sent = body
    ? {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { ...headers, 'Content-Type': 'application/json' },
      }
    : { headers }
  return (await sandpit.app.request(path, sent)).json()
}

/** Opens a stream by its address alone, as clients do. */
async function open(address: string) {
  const response = await sandpit.app.request(address, { headers: { Host: 'localhost' } })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    status: response.status,
    leave: () => reader?.cancel(),
    async until(part: string): Promise<string> {
      while (reader && !text.includes(part)) {
        const { value, done } = await reader.read()
        if (done) break
        text += value
      }
      return text
    },
  }
}

async function run() {
  const input = { text: 'hush' }
  const { id, urls } = await ask('/v1/models/kestrel/talks/predictions', { input })
  return { id: String(id), address: String(urls.stream) }
}

async function shutOut(disabledAt: number | null): Promise<void> {
  await sandpit.store.changePerson('ada', { disabledAt })
  sandpit.people.forget()
}

async function hideModel(visibility: 'public' | 'private'): Promise<void> {
  const ref = { owner: 'kestrel', name: 'talks' }
  const { revision } = sandpit.edits.of(ref)
  await sandpit.edits.save(ref, { visibility }, { viewer: 'olga', revision })
}

const olga = () => namedPerson(sandpit, 'olga')

describe('a stream that is open', () => {
  it.each<[string, (id: string) => Promise<unknown>, () => Promise<unknown>]>([
    ['its prediction is deleted', (id) => olga().post(`/p/${id}/deletion`), async () => {}],
    [
      'its prediction is made private',
      (id) => olga().post(`/p/${id}/visibility`, { visibility: 'private' }),
      async () => {},
    ],
    ['its model is made private', () => hideModel('private'), () => hideModel('public')],
    ['its maker is shut out', () => shutOut(1), () => shutOut(null)],
  ])('ends within seconds once %s, and is not found again', async (_when, change, back) => {
    const { id, address } = await run()
    const stream = await open(address)
    expect(await stream.until('hush')).toContain('event: output')
    await change(id)
    expect(await stream.until('event: done')).toContain('event: done')
    expect((await open(address)).status).toBe(404)
    await back()
    await sandpit.runner.cancel(id)
  })
})

it('has another address once its prediction is private, for those who may see that', async () => {
  const { id, address } = await run()
  await olga().post(`/p/${id}/visibility`, { visibility: 'private' })
  const { urls } = await ask(`/v1/predictions/${id}`)
  expect(urls.stream).not.toBe(address)
  const stream = await open(urls.stream)
  expect(await stream.until('hush')).toContain('event: output')
  await stream.leave()
  await sandpit.runner.cancel(id)
})

it('answers a request that waited once more only if its token is still good', async () => {
  const waiting = sandpit.app.request('/v1/models/kestrel/talks/predictions', {
    method: 'POST',
    body: JSON.stringify({ input: { text: 'hush' } }),
    headers: {
      Host: 'localhost',
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Prefer: 'wait=60',
    },
  })
  const newest = async () => (await sandpit.store.page({}, 1, null)).predictions[0]
  await eventually(async () => expect((await newest())?.status).toBe('processing'))
  await shutOut(1)
  await sandpit.runner.cancel((await newest())?.id ?? '')
  const answer = await waiting
  await shutOut(null)
  expect(answer.status).toBe(401)
  expect(await answer.text()).not.toContain('hush')
})
