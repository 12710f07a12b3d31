import { afterAll, beforeAll, expect, it } from 'vitest'
import { echo, writeModels } from '../support/models.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const [a, b] = ['token-a-for-tests', 'token-b-for-tests']
let time = Date.UTC(2026, 0, 1)
let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [writeModels({ echo })],
    environment: { SANDPIT_API_TOKENS: `${a},${b}`, SANDPIT_API_FILES: 'url' },
    now: () => time,
  })
})
afterAll(() => sandpit.close())

async function ask(token: string, path: string, method = 'GET', body?: object | FormData) {
  const isForm = body instanceof FormData
  const answer = await sandpit.app.request(path, {
    method,
    headers: {
      Host: 'localhost',
      Authorization: `Bearer ${token}`,
      ...(body && !isForm ? { 'Content-Type': 'application/json' } : {}),
    },
    ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, json: text.startsWith('{') ? JSON.parse(text) : null }
}

const run = async (token: string) =>
  (await ask(token, '/v1/models/team/echo/predictions', 'POST', { input: { text: 'hush' } })).json

async function upload(token: string): Promise<string> {
  const form = new FormData()
  form.append('content', new File(['a text'], 'a.txt'))
  return (await ask(token, '/v1/files', 'POST', form)).json.id
}

const idsIn = async (token: string, path: string) =>
  (await ask(token, path)).json.results.map(({ id, name }: Record<string, string>) => id ?? name)

it('lists the predictions of the token’s account alone', async () => {
  const [ofA, ofB] = [await run(a), await run(b)]
  expect(await idsIn(a, '/v1/predictions')).toContain(ofA.id)
  expect(await idsIn(a, '/v1/predictions')).not.toContain(ofB.id)
  // It is public, as every page has it; but it is not theirs to cancel.
  expect((await ask(a, `/v1/predictions/${ofB.id}`)).status).toBe(200)
  expect((await ask(a, `/v1/predictions/${ofB.id}/cancel`, 'POST')).status).toBe(404)
})

it('shows the webhook of a prediction to its account alone', async () => {
  const webhook = 'https://hooks.example/made?key=secret'
  const body = { input: { text: 'hush' }, webhook }
  const { id } = (await ask(a, '/v1/models/team/echo/predictions', 'POST', body)).json
  expect((await ask(a, `/v1/predictions/${id}`)).json.webhook).toBe(webhook)
  expect(JSON.stringify((await ask(b, `/v1/predictions/${id}`)).json)).not.toContain('key=secret')
})

it('lists, reads and deletes the uploads of the token’s account alone', async () => {
  const ref = await upload(a)
  expect(await idsIn(a, '/v1/files')).toEqual([ref])
  expect(await idsIn(b, '/v1/files')).toEqual([])
  expect((await ask(b, `/v1/files/${ref}`)).status).toBe(404)
  expect((await ask(b, `/v1/files/${ref}`, 'DELETE')).status).toBe(404)
  expect((await ask(a, `/v1/files/${ref}`, 'DELETE')).status).toBe(204)
})

it('lists, runs and changes the deployments of the token’s account alone', async () => {
  const { version } = await run(a)
  const settings = { hardware: 'sandpit', min_instances: 0, max_instances: 1 }
  const body = { name: 'fast', model: 'team/echo', version, ...settings }
  const { owner } = (await ask(a, '/v1/deployments', 'POST', body)).json
  const path = `/v1/deployments/${owner}/fast`
  const input = { input: { text: 'hush' } }
  expect(await idsIn(a, '/v1/deployments')).toEqual(['fast'])
  expect(await idsIn(b, '/v1/deployments')).toEqual([])
  for (const [token, seen, made] of [
    [b, 404, 404],
    [a, 200, 201],
  ] as const) {
    expect((await ask(token, path)).status).toBe(seen)
    expect((await ask(token, path, 'PATCH', { max_instances: 2 })).status).toBe(seen)
    expect((await ask(token, `${path}/predictions`, 'POST', input)).status).toBe(made)
  }
  expect((await ask(b, path, 'DELETE')).status).toBe(404)
})

it('ends the addresses of files after a day or two, and streams an hour after the end', async () => {
  const ref = await upload(a)
  const input = { text: `sandpit:${ref}` }
  const { id } = (await ask(a, '/v1/models/team/echo/predictions', 'POST', { input })).json
  await sandpit.runner.settledWithin(id, 60_000)
  const { urls } = (await ask(a, `/v1/predictions/${id}`)).json
  const stream = new URL(urls.stream).pathname
  const { contentAddress } = await import('../../src/routes/api/predictions/prediction-answer.ts')
  const { file } = (await sandpit.store.findFile(ref)) ?? {}
  if (!file) throw new Error('There is no file')
  const content = contentAddress(sandpit.deps, '', file)
  expect((await sandpit.app.request(content, { headers: { Host: 'localhost' } })).status).toBe(200)
  const get = async (path: string) =>
    (await sandpit.app.request(path, { method: 'HEAD', headers: { Host: 'localhost' } })).status
  time += 23 * 60 * 60_000
  expect(await get(content)).toBe(200)
  expect(await get(stream)).toBe(404)
  time += 26 * 60 * 60_000
  expect(await get(content)).toBe(404)
  expect(await get(content.replace(/content\/[0-9a-z]+\./, 'content/zzz.'))).toBe(404)
})
