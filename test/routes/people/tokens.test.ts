import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { echo, writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const machine = 'a-token-for-tests-only'
const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_API_TOKENS: machine,
}
const dayMs = 24 * 60 * 60_000

let now = Date.UTC(2026, 2, 14)
let sandpit: TestApp
beforeAll(async () => {
  const models = [writeModels({ echo })]
  sandpit = await createTestApp({ models, environment, now: () => now })
})
afterAll(() => sandpit.close())
beforeEach(() => {
  now += 60 * 60_000
})

function person(name: string) {
  const { request } = createVisitor(sandpit)
  const shown = async (answer: Response) => ({
    status: answer.status,
    caching: answer.headers.get('Cache-Control'),
    text: await answer.text(),
  })
  const headers = { 'X-User': name }
  const open = async () => shown(await request('/account', { headers }))
  const post = async (path: string, values: Record<string, string>) =>
    shown(await request(path, { method: 'POST', headers, body: new URLSearchParams(values) }))
  return {
    open,
    post,
    async make(values: Record<string, string> = {}) {
      const key = /name="key" value="(\w+)"/.exec((await open()).text)?.[1] ?? ''
      const texts = { name: 'notebook', scopes: 'read run', account: name, ends: '90', ...values }
      const sent = { key, ...texts }
      const answer = await post('/account/tokens', sent)
      return { ...answer, sent, id: key, token: tokenIn(answer.text) }
    },
  }
}

function tokenIn(html: string): string {
  return /value="(sandpit_\w{36})"/.exec(html)?.[1] ?? ''
}

async function ask(token: string, path = '/v1/account', init: RequestInit = {}) {
  const headers = { Host: 'localhost', Authorization: `Bearer ${token}`, ...init.headers }
  const answer = await sandpit.app.request(path, { ...init, headers })
  const text = await answer.text()
  return {
    status: answer.status,
    asks: answer.headers.get('WWW-Authenticate'),
    json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  }
}

function send(token: string, method: string, path: string, body: object = {}) {
  const headers = { 'Content-Type': 'application/json' }
  return ask(token, path, { method, headers, body: JSON.stringify(body) })
}

const run = (token: string) =>
  send(token, 'POST', '/v1/models/team/echo/predictions', { input: { text: 'hush' } })

describe('a token', () => {
  it('is made on one’s own page, shown once, and kept as its hash alone', async () => {
    const ada = person('ada')
    const { status, caching, token, text, sent } = await ada.make()
    expect(status).toBe(200)
    expect(caching).toBe('no-store')
    expect(text).toContain('Copy the token of “notebook” now.')
    const again = await ada.post('/account/tokens', sent)
    expect(tokenIn(again.text)).toBe('')
    const { text: later } = await ada.open()
    expect(later).toContain(`…${token.slice(-4)}`)
    expect(later).not.toContain(token)
    const kept = await sandpit.store.tokensOf('ada')
    expect(kept).toHaveLength(1)
    expect(JSON.stringify(kept)).not.toContain(token)
    expect(kept[0]).toMatchObject({ scopes: ['read', 'run'], expiresAt: now + 90 * dayMs })
  })

  it('answers for the account of its person, who made what it runs', async () => {
    const { token } = await person('ada').make()
    expect((await ask(token)).json).toEqual({ type: 'user', username: 'ada', name: 'ada' })
    const { status, json } = await run(token)
    expect(status).toBe(201)
    expect(await sandpit.runner.find(json.id)).toMatchObject({ createdBy: 'ada', account: 'ada' })
    expect((await ask(token, `/v1/predictions/${json.id}`)).status).toBe(200)
  })

  it('is not accepted on pages', async () => {
    const { token } = await person('ada').make()
    expect((await ask(token, '/account')).status).toBe(401)
    expect((await ask(token, '/predictions')).status).toBe(401)
  })

  it.each([
    ['read', 'read', 403, 403],
    ['read run', 'run', 201, 403],
    ['metrics', 'metrics', 403, 403],
  ])('with %s does no more', async (scopes, _last, runs, operates) => {
    const { token } = await person('olga').make({ scopes })
    expect((await run(token)).status).toBe(runs)
    const change = await send(token, 'PATCH', '/v1/models/team/echo', { description: 'Repeats.' })
    expect(change.status).toBe(operates)
    expect(change.json.detail).toContain('operate')
    expect(change.asks).toBe('Bearer error="insufficient_scope", scope="operate"')
    expect((await ask(token, '/v1/models')).status).toBe(scopes === 'metrics' ? 403 : 200)
  })

  it('changes what its person may change, with operate', async () => {
    const { token } = await person('olga').make({ scopes: 'read run operate' })
    const changed = await send(token, 'PATCH', '/v1/models/team/echo', { description: 'Again.' })
    expect(changed.json).toMatchObject({ description: 'Again.' })
    const [entry] = (await sandpit.store.entries({ actions: ['model changed'] }, 1, null)).entries
    const [kept] = await sandpit.store.tokensOf('olga')
    expect(entry).toMatchObject({ actorName: 'olga', via: 'api', token: kept?.id })
  })

  it('reads metrics for an operator, with the scope for it', async () => {
    const [olga, reader, ada] = [
      await person('olga').make({ scopes: 'metrics' }),
      await person('olga').make({ scopes: 'read' }),
      await person('ada').make({ scopes: 'metrics' }),
    ]
    expect((await ask(olga.token, '/metrics')).status).toBe(200)
    expect((await ask(reader.token, '/metrics')).status).toBe(403)
    expect((await ask(ada.token, '/metrics')).status).toBe(403)
    expect((await ask(machine, '/metrics')).status).toBe(200)
  })

  it('says when and from where it was last used, once a minute', async () => {
    const { token, id } = await person('ada').make()
    const used = async () => (await sandpit.store.tokensOf('ada')).find((one) => one.id === id)
    expect((await used())?.usedAt).toBeNull()
    const first = now
    await ask(token)
    await eventually(async () => expect((await used())?.usedAt).toBe(first))
    const { entries } = await sandpit.store.entries({ actions: ['token used first'] }, 1, null)
    expect(entries[0]).toMatchObject({ actor: 'ada', subject: 'notebook', token: id })
    now += 59_000
    await ask(token)
    now += 2_000
    await ask(token)
    await eventually(async () => expect((await used())?.usedAt).toBe(now))
  })
})

describe('a token is refused', () => {
  const invalid = 'Bearer error="invalid_token"'

  it('when it was mistyped, without a look at the store', async () => {
    const { token } = await person('ada').make()
    const mistyped = token.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))
    expect(await ask(mistyped)).toMatchObject({ status: 401, asks: invalid })
  })

  it('once it has been revoked, and can be deleted then', async () => {
    const ada = person('ada')
    const { token, id } = await ada.make()
    expect((await ask(token)).status).toBe(200)
    expect((await ada.post(`/account/tokens/${id}/deletion`, {})).status).toBe(404)
    expect((await person('ben').post(`/account/tokens/${id}/revocation`, {})).status).toBe(404)
    expect((await ada.post(`/account/tokens/${id}/revocation`, {})).status).toBe(303)
    expect(await ask(token)).toMatchObject({ status: 401, asks: invalid })
    expect((await ada.post(`/account/tokens/${id}/deletion`, {})).status).toBe(303)
    expect((await sandpit.store.tokensOf('ada')).some((one) => one.id === id)).toBe(false)
    const { entries } = await sandpit.store.entries({ actions: ['token revoked'] }, 2, null)
    expect(entries).toMatchObject([{ actor: 'ada', subject: 'notebook' }])
  })

  it('when it has expired', async () => {
    const { token } = await person('ada').make({ ends: '30' })
    now += 30 * dayMs - 10_000
    expect((await ask(token)).status).toBe(200)
    now += 10_000
    expect(await ask(token)).toMatchObject({ status: 401, asks: invalid })
  })

  it('while its person is shut out, and runs nothing once they are a viewer', async () => {
    const { token } = await person('ben').make()
    expect((await run(token)).status).toBe(201)
    await sandpit.store.changePerson('ben', { role: 'viewer' })
    expect((await run(token)).status).toBe(403)
    await sandpit.store.changePerson('ben', { role: null, disabledAt: now })
    expect((await run(token)).status).toBe(401)
    await sandpit.store.changePerson('ben', { disabledAt: null })
    expect((await run(token)).status).toBe(201)
  })
})

describe('the form', () => {
  it.each([
    [{ name: ' ' }, 'Name the token'],
    [{ name: 'x'.repeat(81) }, 'at most 80 characters'],
    [{ scopes: 'everything' }, 'Choose what the token may do'],
    [{ account: 'kestrel' }, 'You do not act for kestrel'],
    [{ ends: 'never' }, 'Choose when the token ends'],
  ])('keeps what was typed and says what to change: %o', async (values, sentence) => {
    const before = (await sandpit.store.tokensOf('ada')).length
    const { status, text } = await person('ada').make({ name: 'my laptop', ...values })
    expect(status).toBe(422)
    expect(text).toContain(sentence)
    if (!('name' in values)) expect(text).toContain('value="my laptop"')
    expect(await sandpit.store.tokensOf('ada')).toHaveLength(before)
  })

  it('lets operators alone make a token without an end', async () => {
    expect((await person('ada').open()).text).not.toContain('value="never"')
    const { status } = await person('olga').make({ ends: 'never' })
    expect(status).toBe(200)
    expect((await sandpit.store.tokensOf('olga'))[0]?.expiresAt).toBeNull()
  })

  it('is not there where nobody signs in, and the page says what applies', async () => {
    const open = await createTestApp({ providers: () => [] })
    const answer = await createVisitor(open).request('/account')
    expect(answer.status).toBe(200)
    const text = await answer.text()
    expect(text).toContain('Nobody signs in here')
    expect(text).not.toContain('Make a token')
    const body = new URLSearchParams({ name: 'notebook', scopes: 'read', ends: '90', account: '' })
    const made = await createVisitor(open).request('/account/tokens', { method: 'POST', body })
    expect(made.status).toBe(404)
    await open.close()
  })
})
