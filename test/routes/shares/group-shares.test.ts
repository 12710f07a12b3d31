import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunGroup } from '../../../src/domain/group/group.ts'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { ofPrediction, shareLinksOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  lantern: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'kestrel/lantern',
      description: 'Lights a lantern.',
      input: z.object({ text: z.string(), ms: z.int().default(0), key: z.string().meta({ format: 'password' }).optional() }),
      output: file(),
      copies: 2,
      async run({ text, ms }, ctx) {
        await wait(ms, undefined, { signal: ctx.signal })
        return ctx.file(Buffer.from(text), { name: text + '.txt' })
      },
    })`,
})
const ref = { owner: 'kestrel', name: 'lantern' }
const dayMs = 24 * 60 * 60_000

let sandpit: TestApp
let now = Date.UTC(2026, 2, 14)
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    now: () => now,
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_GROUPS: '*=member',
    },
  })
  for (const name of ['ada', 'ben', 'cem', 'olga']) await person(name).get('/')
})
afterAll(() => sandpit.close())

const person = (name: string) => namedPerson(sandpit, name)
const stranger = () => createVisitor(sandpit)
const see = async (path: string) => {
  const answer = await stranger().request(path)
  return { status: answer.status, text: await answer.text() }
}

/** A group of ada’s, each run of which makes a file of its text; private unless said otherwise. */
async function start(texts: readonly string[], changes: Partial<RunGroup> & { ms?: number } = {}) {
  const model = await sandpit.runner.findModel(ref)
  if (!model) throw new Error('The model is not there')
  const { ms = 0, ...given } = changes
  return sandpit.runner.groups.start({
    kind: 'sweep',
    title: 'Light and ink',
    axes: [{ input: 'text', values: [...texts] }],
    source: 'web',
    visibility: 'private',
    createdBy: (await sandpit.store.peopleAmong(['ada']))[0]?.id ?? '',
    formKey: null,
    runs: texts.map((text, place) => ({
      ...{ place, model, files: [] },
      input: { text, ms, key: 'a secret key' },
    })),
    ...given,
  })
}

async function settled(group: RunGroup) {
  await eventually(async () => {
    const counts = (await sandpit.store.countsOf([group.id])).get(group.id)
    expect(counts?.made.succeeded).toBe(group.size)
  })
  return sandpit.store.membersOf(group.id, { from: 0, limit: 100 })
}

const toGroup = ({ id }: RunGroup) => ({ kind: 'group', id }) as const

async function linkTo(group: RunGroup, terms: Record<string, string> = {}): Promise<string> {
  const before = await shareLinksOf(sandpit, toGroup(group))
  const { status } = await person('ada').post(`/g/${group.id}/shares`, terms)
  expect(status).toBe(303)
  const links = await shareLinksOf(sandpit, toGroup(group))
  return links[before.length]?.link ?? ''
}

describe('a shared group', () => {
  let group: RunGroup
  let link: string
  let members: Awaited<ReturnType<typeof settled>>
  beforeAll(async () => {
    group = await start(['dusk', 'noon', 'dawn'])
    members = await settled(group)
    link = await linkTo(group)
  })

  it('is offered on its page, and opens for strangers without a word of who made it', async () => {
    const own = (await person('ada').get(`/g/${group.id}`)).text
    expect(own).toContain(`href="/g/${group.id}/shares" data-opens`)
    expect(own).toContain('Anyone with the link')
    const { status, text } = await see(link)
    expect(status).toBe(200)
    for (const word of ['Light and ink', 'Shared sweep', 'dusk', 'noon', 'dawn', 'noindex'])
      expect(text).toContain(word)
    for (const hidden of [' ada', 'a secret key', `${group.id}/`, 'Rename', 'Delete', 'Export'])
      expect(text, hidden).not.toContain(hidden)
  })

  it('leads nowhere that its viewer may not go', async () => {
    const pages = [link, ...members.map(({ id }) => `${link}/p/${id}`)]
    for (const page of pages) {
      const { text } = await see(page)
      const [, main = ''] = text.split('<main')
      const [content = ''] = main.split('</main>')
      const found = [...content.matchAll(/(?:href|src|action|hx-get)="([^"#]+)/g)]
      const addresses = found.map(([, address = '']) => address.replaceAll('&amp;', '&'))
      expect(addresses.length).toBeGreaterThan(2)
      for (const address of addresses) expect((await see(address)).status, address).toBe(200)
    }
  })

  it('opens its predictions, with their outputs, files and logs', async () => {
    const [first] = members
    const page = await see(`${link}/p/${first?.id}`)
    expect(page.text).toContain(`<a href="${link}">Its sweep</a>`)
    const [, file = ''] = /href="(\/s\/[^"]+dusk\.txt)"/.exec(page.text) ?? []
    expect((await see(file)).text).toBe('dusk')
    expect((await see(`${link}/p/${first?.id}/prediction.json`)).text).toContain('dusk')
    expect((await see(`${link}/p/${first?.id}/logs.txt`)).status).toBe(200)
    expect((await see(`${link}/p/${first?.id}/files.zip`)).status).toBe(200)
    expect((await see(`${link}/p/${first?.id}/panel`)).text).toContain('id="prediction"')
    expect((await see(`${link}/panel`)).text).toContain('id="group"')
  })

  it('opens nothing else: no other prediction or file, and none of these by itself', async () => {
    const another = await start(['other'])
    const [other] = await settled(another)
    const elsewhere = (await sandpit.runner.find(other?.id ?? ''))?.files[0]
    expect((await see(`${link}/p/${other?.id}`)).status).toBe(404)
    expect((await see(`${link}/p/${other?.id}/output.json`)).status).toBe(404)
    expect((await see(`${link}/files/${elsewhere?.ref}/${elsewhere?.name}`)).status).toBe(404)
    expect((await see(`/g/${group.id}`)).status).toBe(401)
    expect((await person('ben').get(`/g/${group.id}`)).status).toBe(404)
    expect((await person('ben').get(`/p/${members[0]?.id}`)).status).toBe(404)
    // A link to one prediction of it does not open the others.
    await person('ada').post(`/p/${members[0]?.id}/shares`)
    const [single] = await shareLinksOf(sandpit, ofPrediction(members[0]?.id ?? ''))
    expect((await see(single?.link ?? '')).status).toBe(200)
    expect((await see(`${single?.link}/p/${members[1]?.id}`)).status).toBe(404)
    expect((await see(`${single?.link}/p/${members[0]?.id}`)).status).toBe(404)
  })

  it('lets nobody run its models', async () => {
    const { text } = await person('ada').get(`/g/${group.id}/shares`)
    expect(text).not.toContain('name="scope"')
    const asked = await linkTo(group, { scope: 'run' })
    expect((await person('ben').get(asked)).text).not.toContain('Use these inputs')
    expect((await person('ben').get(`${asked}/form`)).status).toBe(404)
  })

  it('counts its openings, and is in the lists of links and the audit log', async () => {
    await eventually(async () =>
      expect((await sandpit.store.sharesOf(toGroup(group)))[0]?.opens).toBeGreaterThan(0),
    )
    for (const [name, path] of [
      ['ada', '/account/shares'],
      ['olga', '/settings/shares'],
    ] as const)
      expect((await person(name).get(path)).text).toContain(
        `<a href="/g/${group.id}">Light and ink</a>`,
      )
    const { entries } = await sandpit.store.entries({}, 200, null)
    const actions = entries.filter(({ subject }) => subject === `g/${group.id}`)
    const names = actions.map(({ action }) => action)
    for (const action of ['share made', 'share opened first']) expect(names).toContain(action)
  })
})

describe('who may share a group', () => {
  it('is who it was made for, and operators', async () => {
    const group = await start(['one'], { visibility: 'public' })
    const may: Record<string, number> = { ada: 200, olga: 200, ben: 404 }
    for (const [name, status] of Object.entries(may)) {
      const page = await person(name).get(`/g/${group.id}/shares`)
      expect(page.status, name).toBe(status)
      const made = await person(name).post(`/g/${group.id}/shares`)
      expect(made.status, name).toBe(status === 200 ? 303 : 404)
      const shown = (await person(name).get(`/g/${group.id}`)).text
      expect(shown.includes('/shares"'), name).toBe(status === 200)
    }
  })

  it.each([
    ['anyone', ['nobody', 'ada', 'ben', 'cem', 'olga']],
    ['signed-in', ['ada', 'ben', 'cem', 'olga']],
    ['people', ['ada', 'ben', 'olga']],
  ])('says for whom: a link for %s', async (audience, expected) => {
    const group = await start(['one', 'two'])
    const [member] = await settled(group)
    const link = await linkTo(group, { audience, people: 'ben' })
    for (const name of ['nobody', 'ada', 'ben', 'cem', 'olga']) {
      const get = (path: string) => person(name === 'nobody' ? '' : name).get(path)
      const refusal = name === 'nobody' ? 401 : 404
      const opens = expected.includes(name)
      for (const path of [link, `${link}/p/${member?.id}`])
        expect((await get(path)).status, `${name} ${path}`).toBe(opens ? 200 : refusal)
      for (const path of ['/panel', `/p/${member?.id}/panel`, `/p/${member?.id}/output.json`])
        expect((await get(link + path)).status, `${name} ${path}`).toBe(opens ? 200 : 404)
    }
  })
})

describe('a link to a group ends', () => {
  let group: RunGroup
  let link: string
  let members: Awaited<ReturnType<typeof settled>>
  beforeEach(async () => {
    group = await start(['one', 'two'])
    members = await settled(group)
    link = await linkTo(group, { ends: '7' })
  })

  async function expectEnd(reason: string) {
    const { status, text } = await see(link)
    expect(status).toBe(410)
    expect(text).toContain(reason)
    expect((await see(`${link}/p/${members[1]?.id}`)).status).toBe(410)
    for (const path of ['/panel', `/p/${members[1]?.id}/panel`, `/p/${members[1]?.id}/output.json`])
      expect((await see(link + path)).status, path).toBe(404)
  }

  it('when it says so', async () => {
    now += 7 * dayMs
    await expectEnd('It ended')
  })

  it('when it is revoked', async () => {
    const [share] = await shareLinksOf(sandpit, toGroup(group))
    const path = `/g/${group.id}/shares/${share?.id}/revocation`
    expect((await person('ben').post(path)).status).toBe(404)
    expect((await person('ada').post(path)).headers.get('Location')).toBe(`/g/${group.id}#share`)
    await expectEnd('It was revoked')
  })

  it('when the group is deleted', async () => {
    await person('ada').post(`/g/${group.id}/deletion`)
    await eventually(async () => expect(await sandpit.store.findGroup(group.id)).toBeNull())
    await expectEnd('The runs were deleted')
  })

  it('when one of its runs is made private', async () => {
    await person('ada').post(`/p/${members[0]?.id}/visibility`, { visibility: 'public' })
    expect((await see(link)).status).toBe(200)
    expect((await person('ada').get(`/p/${members[0]?.id}`)).text).toContain('ends its link')
    await person('ada').post(`/p/${members[0]?.id}/visibility`, { visibility: 'private' })
    await expectEnd('One of its runs was made private')
  })

  it('not when one of its runs is deleted: that one is gone from it', async () => {
    await person('ada').post(`/p/${members[0]?.id}/deletion`)
    const { status, text } = await see(link)
    expect(status).toBe(200)
    expect(text).not.toContain(members[0]?.id)
    expect((await see(`${link}/p/${members[0]?.id}`)).status).toBe(404)
    expect((await see(`${link}/p/${members[1]?.id}`)).status).toBe(200)
  })
})

describe('a shared group that runs', () => {
  it('tells with one held request, until its link ends', async () => {
    const group = await start(['slow', 'slower'], { ms: 60_000 })
    const link = await linkTo(group)
    const { text } = await see(link)
    expect(text.match(/data-live/g)).toHaveLength(1)
    expect(text).not.toContain('Cancel all')
    const [, next = ''] = /hx-get="([^"]+\/panel[^"]+)"/.exec(text) ?? []
    expect(next.startsWith(`${link}/panel?`)).toBe(true)
    const held = see(next.replaceAll('&amp;', '&'))
    await person('ada').post(`/g/${group.id}/shares/revocation`)
    await person('ada').post(`/g/${group.id}/cancellation`)
    expect((await held).status).toBe(404)
  })
})
