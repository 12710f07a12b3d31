import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyedProvider, keyedAddress, rightKey } from '../support/keyed-provider.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor, toFormData } from '../support/visitor.ts'

const environment = { SANDPIT_AUTH: 'basic:olga:a password' }
const signedIn = { Authorization: `Basic ${Buffer.from('olga:a password').toString('base64')}` }

let later = 0
const open = (count: number) =>
  createTestApp({
    environment,
    now: () => Date.now() + later,
    providers: (_config, records, keys) => [createKeyedProvider({ keys, records }, count)],
  })

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await open(4)
})
afterEach(() => sandpit.close())

const request = (path: string, init: RequestInit = {}) =>
  createVisitor(sandpit).request(path, { ...init, headers: signedIn })

async function post(path: string, values: Readonly<Record<string, string | readonly string[]>>) {
  const answer = await request(path, { method: 'POST', body: toFormData(values) })
  return {
    status: answer.status,
    location: answer.headers.get('Location'),
    html: await answer.text(),
  }
}

const look = (values: Record<string, string> = {}) =>
  post('/models/new', { where: keyedAddress, ...values })
const heldIn = (html: string) => /name="held-key" value="([^"]+)"/.exec(html)?.[1] ?? ''
const settings = async () => (await request('/settings/upstreams')).text()
const saved = () => sandpit.records.all().map(({ ref }) => `${ref.owner}/${ref.name}`)

/** Looks with the right key, and saves the first two models. */
async function saveTwo() {
  const held = heldIn((await look({ key: rightKey })).html)
  return post('/models', {
    where: keyedAddress,
    'held-key': held,
    take: ['model-1', 'model-2'],
    'name-model-1': 'ann/one',
    'name-model-2': 'ann/two',
  })
}

describe('a server that asks for a key', () => {
  it('is looked at again with one, and with another when it refuses it', async () => {
    const asked = await look()
    expect(asked.status).toBe(422)
    expect(asked.html).toContain('This server asks for a key.')
    expect(asked.html).toContain('Check with this key')
    const refused = await look({ key: 'wrong' })
    expect(refused.html).toContain('This server refuses the key.')
    expect(refused.html).not.toContain('wrong')
    expect((await look({ key: rightKey })).html).toContain('Keyed server with 4 models')
  })

  it('keeps the key that was typed until the models are saved, and shows it nowhere', async () => {
    const { html } = await look({ key: rightKey })
    expect(html).not.toContain(rightKey)
    expect(await saveTwo()).toMatchObject({ status: 303, location: '/settings/upstreams' })
    expect(saved()).toEqual(['ann/one', 'ann/two'])
    expect((await look()).status).toBe(200)
  })

  it('gets no key that was typed for another address, or an hour ago', async () => {
    const { upstreamKeys } = sandpit
    const held = upstreamKeys.hold('http://elsewhere', rightKey)
    expect((await look({ 'held-key': held })).status).toBe(422)
    expect(upstreamKeys.held('http://elsewhere', held)).toBe(rightKey)
    expect(upstreamKeys.held('http://elsewhere', held.slice(4))).toBeNull()
    expect((await look({ 'held-key': 'forged' })).status).toBe(422)
    later += 61 * 60 * 1000
    expect(upstreamKeys.held('http://elsewhere', held)).toBeNull()
  })
})

describe('a server with several models', () => {
  it('says at each that cannot be saved why, and saves none', async () => {
    const { status, html } = await post('/models', {
      where: keyedAddress,
      key: rightKey,
      take: ['model-1', 'model-2', 'model-3'],
      'name-model-1': 'ann/one',
      'name-model-2': 'ann/one',
      'name-model-3': 'no name',
    })
    expect(status).toBe(422)
    expect(html).toContain('Nothing was saved yet: 2 of them cannot be saved like this.')
    expect(html).toContain('Another one here is called ann/one, too.')
    expect(html).toContain('“no name” is not a name such as owner/name.')
    expect(html).toMatch(/name="name-model-3" value="no name"[^>]*aria-invalid="true"/)
    expect(html).not.toMatch(/value="model-4" checked/)
    expect(saved()).toEqual([])
    expect(heldIn(html)).not.toBe('')
  })

  it('asks for at least one', async () => {
    const { status, html } = await post('/models', { where: keyedAddress, key: rightKey })
    expect(status).toBe(422)
    expect(html).toContain('Choose a model to save.')
  })
})

describe('a server with hundreds of models', () => {
  beforeEach(async () => {
    await sandpit.close()
    sandpit = await open(600)
  })

  const rows = (html: string) => html.match(/name="take"/g)?.length ?? 0

  it('shows as many as a page takes, and says how to find the others', async () => {
    const { html } = await look({ key: rightKey })
    expect(html).toContain('Keyed server with 600 models')
    expect(rows(html)).toBe(200)
    expect(html).toContain('The first 200 are shown')
  })

  it('finds models by a part of their names or of what they can do, and keeps the chosen', async () => {
    const { html } = await post('/models/new', {
      where: keyedAddress,
      key: rightKey,
      filter: 'model-59 pictures',
      take: ['model-3'],
      'name-model-3': 'ann/three',
    })
    expect(rows(html)).toBe(2)
    expect(html).toContain('1 model of 600 found.')
    expect(html).toMatch(/value="model-3" checked/)
    expect(html).toContain('value="ann/three"')
    expect(html).toContain('value="model-597"')
  })
})

describe('the upstreams in the settings', () => {
  it('are none at first', async () => {
    expect(await settings()).toContain('No servers yet')
  })

  it('show their state, their models, and who gave their key', async () => {
    await saveTwo()
    const page = await settings()
    expect(page).toContain(keyedAddress)
    expect(page).toContain('It answers.')
    expect(page).toContain('href="/ann/two"')
    expect(page).toContain('Given by olga')
    expect(page).not.toContain(rightKey)
  })

  it('replace and remove a key, and it is in the audit log', async () => {
    await saveTwo()
    const address = keyedAddress
    expect(await post('/settings/upstreams', { address, key: 'another' })).toMatchObject({
      status: 303,
    })
    expect(await settings()).toContain('It refuses the key.')
    expect(await post('/settings/upstreams/removal', { address })).toMatchObject({ status: 303 })
    expect(sandpit.upstreamKeys.find(address)).toBeNull()
    const audit = await (await request('/settings/audit')).text()
    for (const detail of ['replaced', 'removed']) expect(audit).toContain(detail)
    expect(audit).not.toContain('another')
  })

  it('take no empty key, and none for other addresses', async () => {
    await saveTwo()
    const empty = await post('/settings/upstreams', { address: keyedAddress, key: ' ' })
    expect(empty.status).toBe(422)
    expect(empty.html).toContain('Enter a key.')
    const elsewhere = { address: 'http://elsewhere', key: 'a key' }
    expect((await post('/settings/upstreams', elsewhere)).status).toBe(404)
    expect((await post('/settings/upstreams/removal', elsewhere)).status).toBe(404)
  })

  it('keep a key whose models are gone where it can be removed', async () => {
    await saveTwo()
    for (const model of ['ann/one', 'ann/two']) await post('/settings/models/removal', { model })
    const page = await settings()
    expect(page).toContain('Keys that nothing uses')
    expect(page).toContain(keyedAddress)
  })
})
