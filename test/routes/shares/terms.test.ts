import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { personOf } from '../../support/people.ts'
import { idIn } from '../../support/prediction-id.ts'
import { ofPrediction, shareLinksOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'

const echo = (owner: string) => `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: '${owner}/echo', description: 'Says it again.',
  input: z.object({ text: z.string(), note: file().optional() }), output: z.string(),
  run: ({ text }) => text,
})`

const models = [writeModels({ open: echo('open'), closed: echo('team') })]
const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' }
const dayMs = 24 * 60 * 60_000

let now = Date.UTC(2026, 2, 14)
let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models, environment, now: () => now })
  const closed = { owner: 'team', name: 'echo' }
  await sandpit.edits.save(closed, { visibility: 'private' }, { viewer: 'olga', revision: 0 })
})
afterAll(() => sandpit.close())
beforeEach(() => {
  now += 60 * 60_000
})

const person = (name: string) => namedPerson(sandpit, name)
const stranger = () => createVisitor(sandpit)

/** A prediction of Ada’s, or of an operator’s with the private model, and a link to it. */
async function shared(terms: FormValues = {}, model = 'open/echo', inputs: FormValues = {}) {
  const maker = person(model === 'team/echo' ? 'olga' : 'ada')
  const ran = await maker.run(`/${model}`, { 'input.text': 'sand', ...inputs })
  const id = idIn(ran)
  await sandpit.runner.settledWithin(id, 60_000)
  const made = await maker.post(`/p/${id}/shares`, terms)
  const [first] = await shareLinksOf(sandpit, id)
  return { id, made, link: first?.link ?? '', share: first?.id ?? '' }
}

async function seenBy(name: string, link: string) {
  return (await person(name).get(link)).status
}

async function endedText(link: string): Promise<string> {
  const answer = await stranger().request(link)
  expect(answer.status).toBe(410)
  return answer.text()
}

describe('the audience of a share link', () => {
  it('is anyone, if nothing else is said', async () => {
    const { link } = await shared()
    expect((await stranger().request(link)).status).toBe(200)
  })

  it('is those who are signed in', async () => {
    const { link } = await shared({ audience: 'signed-in' })
    const closed = await stranger().request(link)
    expect(closed.status).toBe(401)
    expect(await closed.text()).toContain('Sign in to open this link')
    for (const path of ['/panel', '/prediction.json', '/output.txt', '/logs.txt', '/files.zip'])
      expect((await stranger().request(link + path)).status, path).toBe(404)
    expect(await seenBy('ben', link)).toBe(200)
    expect((await person('ben').get(`${link}/output.txt`)).text).toBe('sand')
  })

  it('is the people who are named, its maker and operators', async () => {
    const { link } = await shared({ audience: 'people', people: ' ben , cem,ben' })
    expect((await stranger().request(link)).status).toBe(401)
    const seen = ['ben', 'cem', 'ada', 'olga'].map((name) => seenBy(name, link))
    expect(await Promise.all(seen)).toEqual([200, 200, 200, 200])
    expect(await seenBy('dan', link)).toBe(404)
  })

  it('needs a name, and keeps what was typed without one', async () => {
    const { id, made } = await shared({ audience: 'people', people: ' , ', ends: '7' })
    expect(made.status).toBe(422)
    const text = await made.text()
    expect(text).toContain('Name at least one person.')
    expect(text).toMatch(/value="people" checked/)
    expect(text).toMatch(/value="7" selected/)
    expect(await sandpit.store.sharesOf(ofPrediction(id))).toEqual([])
  })
})

describe('a share link', () => {
  it('ends when it says so, and says when', async () => {
    const { link } = await shared({ ends: '7' })
    now += 7 * dayMs - 1
    expect((await stranger().request(link)).status).toBe(200)
    now += 1
    const text = await endedText(link)
    expect(text).toContain('This link is over')
    expect(text).toMatch(/It ended on <time[^>]*>21 March 2026/)
    expect((await stranger().request(`${link}/output.txt`)).status).toBe(404)
  })

  it('ends after 30 days by default, or never', async () => {
    const { link } = await shared()
    const lasting = await shared({ ends: 'never' })
    now += 30 * dayMs
    await endedText(link)
    now += 3_000 * dayMs
    expect((await stranger().request(lasting.link)).status).toBe(200)
  })

  it('leads to its model those who may see it', async () => {
    const { link } = await shared({}, 'team/echo')
    const heading = async (name: string) =>
      /<h1 class="model-name">.*?<\/h1>/s.exec((await person(name).get(link)).text)?.[0]
    expect(await heading('olga')).toContain('href="/team/echo"')
    expect(await heading('ben')).not.toContain('href')
    expect(await heading('ben')).toContain('echo')
  })

  it('ends when it is revoked, as do all of a prediction', async () => {
    const { id, link, share } = await shared()
    await person('ada').post(`/p/${id}/shares`)
    const [, second] = await shareLinksOf(sandpit, id)
    expect((await person('ben').post(`/p/${id}/shares/${share}/revocation`)).status).toBe(404)
    await person('ada').post(`/p/${id}/shares/${share}/revocation`)
    expect(await endedText(link)).toContain('It was revoked')
    expect((await stranger().request(second?.link ?? '')).status).toBe(200)
    await person('ada').post(`/p/${id}/shares/revocation`)
    await endedText(second?.link ?? '')
  })

  it('ends with its prediction, and says so beforehand', async () => {
    const { id, link } = await shared()
    const { text } = await person('ada').get(`/p/${id}/deletion`)
    expect(text).toContain('Its share link ends.')
    await person('ada').post(`/p/${id}/deletion`)
    expect(await endedText(link)).toContain('The prediction was deleted')
  })

  it('ends when its prediction becomes private, and says so beforehand', async () => {
    const { id, link } = await shared()
    expect((await person('ada').get(`/p/${id}`)).text).toContain('Making it private ends its link')
    await person('ada').post(`/p/${id}/visibility`, { visibility: 'private' })
    expect(await endedText(link)).toContain('The prediction was made private')
    await person('ada').post(`/p/${id}/shares`)
    const [again] = await shareLinksOf(sandpit, id)
    expect((await stranger().request(again?.link ?? '')).status).toBe(200)
  })

  it('ends when its maker is shut out', async () => {
    const ada = personOf('ada', { id: 'ada', issuer: 'header', subject: 'ada' })
    await sandpit.store.addPerson(ada)
    const { link } = await shared()
    await sandpit.store.changePerson('ada', { disabledAt: now })
    expect(await endedText(link)).toContain('no longer has access')
    await sandpit.store.changePerson('ada', { disabledAt: null })
  })

  it('is kept as a hash, so that the database opens nothing', async () => {
    const { id, link } = await shared()
    const kept = JSON.stringify(await sandpit.store.sharesOf(ofPrediction(id)))
    expect(kept).not.toContain(link.split('/').at(-1))
  })

  it('shows nothing more to whoever watches once it has ended', async () => {
    const { id, link, share } = await shared()
    expect((await stranger().request(`${link}/panel`)).status).toBe(200)
    await person('ada').post(`/p/${id}/shares/${share}/revocation`)
    expect((await stranger().request(`${link}/panel`)).status).toBe(404)
  })
})

describe('an opening', () => {
  it('is counted once a minute for each viewer, and the first is in the audit log', async () => {
    const { id, link } = await shared()
    const opens = async () => (await sandpit.store.sharesOf(ofPrediction(id)))[0]?.opens
    await person('ben').get(link)
    await person('ben').get(link)
    await eventually(async () => expect(await opens()).toBe(1))
    await person('cem').get(link)
    await eventually(async () => expect(await opens()).toBe(2))
    now += 60_000
    await person('ben').get(link)
    await eventually(async () => expect(await opens()).toBe(3))
    const { entries } = await sandpit.store.entries({ actions: ['share opened first'] }, 50, null)
    const own = entries.filter(({ subject }) => subject === `p/${id}`)
    expect(own).toMatchObject([{ actor: 'ben', subjectOwner: 'ada' }])
    expect((await person('ada').get(`/p/${id}`)).text).toContain('Opened 3 times')
  })
})

describe('“see and run”', () => {
  const form = async (name: string, link: string) => person(name).openForm(`${link}/form`)
  const run = async (name: string, link: string, values: FormValues = {}) =>
    person(name).post('/predictions', { ...(await form(name, link)), ...values })

  it('lets others run a private model as themselves, with a form that is filled in', async () => {
    const { link } = await shared({ audience: 'signed-in', scope: 'run' }, 'team/echo')
    expect((await person('ben').get('/team/echo')).status).toBe(404)
    const page = await person('ben').get(link)
    expect(page.text).toContain(`href="${link}/form"`)
    const opened = await person('ben').get(`${link}/form`)
    expect(opened.text).toContain('>sand</textarea>')
    const answer = await run('ben', link, { 'input.text': 'dune' })
    expect(answer.status).toBe(303)
    const id = idIn(answer)
    const made = await sandpit.runner.settledWithin(id, 60_000)
    expect(made).toMatchObject({ createdBy: 'ben', output: 'dune', visibility: 'private' })
    expect((await person('ben').get(`/p/${id}`)).status).toBe(200)
    expect((await person('cem').get(`/p/${id}`)).status).toBe(404)
  })

  it('takes the files of its inputs, which nothing else gives to others', async () => {
    const note = new File(['a note'], 'note.txt', { type: 'text/plain' })
    const { link } = await shared({ scope: 'run' }, 'team/echo', { 'input.note': note })
    const opened = await person('ben').get(`${link}/form`)
    const [uri = ''] = /sandpit:[^"]+/.exec(opened.text) ?? []
    const kept = { 'input.text': 'dune', 'input.note': uri }
    const id = idIn(await run('ben', link, kept))
    const made = await sandpit.runner.settledWithin(id, 60_000)
    expect(made?.files.map(({ name }) => name)).toEqual(['note.txt'])
    const [path = ''] =
      /\/files\/[a-z2-7]{26}\/note\.txt/.exec(uri.replace('sandpit:', '/files/')) ?? []
    expect((await person('cem').get(path)).status).toBe(404)
  })

  it('keeps the form and what was typed when the inputs are not valid', async () => {
    const { link } = await shared({ scope: 'run' }, 'team/echo')
    const refused = await run('ben', link)
    expect(refused.status).toBe(422)
    expect(await refused.text()).toMatch(/name="share" value="[a-z2-7]{26}"/)
  })

  it('leads to no form that its opener may not use', async () => {
    const leads = /Compare with…|Vary…|>Batch<|Load example/
    const { link } = await shared({ scope: 'run' }, 'team/echo')
    expect((await person('ben').get(link)).text).not.toMatch(leads)
    const opened = await person('ben').get(`${link}/form`)
    expect(opened.text).not.toMatch(leads)
    expect(opened.text).toContain(`href="${link}/form" data-discards`)
    expect(await (await run('ben', link)).text()).not.toMatch(leads)
    const id = idIn(await run('ben', link, { 'input.text': 'dune' }))
    await sandpit.runner.settledWithin(id, 60_000)
    expect((await person('ben').get(`/p/${id}`)).text).not.toContain('Compare with…')
    const own = await person('ben').get((await shared({ scope: 'run' })).link.concat('/form'))
    expect(own.text).toContain('Compare with…')
  })

  it('is nothing for those who are not signed in', async () => {
    const { link } = await shared({ scope: 'run' }, 'team/echo')
    const page = await stranger().request(link)
    expect(page.status).toBe(200)
    expect(await page.text()).not.toContain(`${link}/form`)
    expect((await stranger().request(`${link}/form`)).status).toBe(404)
  })

  it('is granted for a private model only by those who may change it', async () => {
    const ran = await person('ben').run('/open/echo', { 'input.text': 'sand' })
    expect((await person('ben').get(`/p/${idIn(ran)}/shares`)).text).toContain('See and run')
    const { link } = await shared({ scope: 'run' }, 'team/echo')
    const id = idIn(await run('ben', link, { 'input.text': 'dune' }))
    await sandpit.runner.settledWithin(id, 60_000)
    expect((await person('ben').get(`/p/${id}/shares`)).text).not.toContain('See and run')
    const refused = await person('ben').post(`/p/${id}/shares`, { scope: 'run' })
    expect(refused.status).toBe(422)
    expect(await sandpit.store.sharesOf(ofPrediction(id))).toEqual([])
  })

  it('runs nothing once the link has ended, nor another model', async () => {
    const { id, link } = await shared({ scope: 'run' }, 'team/echo')
    const filled = { ...(await form('ben', link)), 'input.text': 'dune' }
    const only = await shared({ scope: 'see' }, 'team/echo')
    const share = only.link.split('/').at(-1) ?? ''
    expect((await person('ben').post('/predictions', { ...filled, share })).status).toBe(404)
    await person('olga').post(`/p/${id}/shares/revocation`)
    expect((await person('ben').post('/predictions', filled)).status).toBe(404)
  })
})

describe('a model that becomes private', () => {
  it('ends the links to its predictions', async () => {
    const { link } = await shared()
    const ref = { owner: 'open', name: 'echo' }
    const { revision } = sandpit.edits.of(ref)
    await sandpit.edits.save(ref, { visibility: 'private' }, { viewer: 'olga', revision })
    expect(await endedText(link)).toContain('Its model was made private')
    const back = { viewer: 'olga', revision: revision + 1 }
    await sandpit.edits.save(ref, { visibility: 'public' }, back)
  })
})

describe('lists of share links', () => {
  it('show one’s own to everyone and all to operators, who can end them', async () => {
    const { id, link, share } = await shared({ audience: 'people', people: 'ben' })
    expect((await person('ada').get('/account/shares')).text).toContain(`/p/${id}`)
    expect((await person('ben').get('/account/shares')).text).not.toContain(`/p/${id}`)
    expect((await person('ben').get('/settings/shares')).status).toBe(403)
    const all = await person('olga').get('/settings/shares')
    expect(all.text).toContain(`/p/${id}/shares/${share}/revocation`)
    expect(all.text).toMatch(/<td>ada<\/td><td>ben<\/td>/)
    await person('olga').post(`/p/${id}/shares/${share}/revocation`)
    expect(await seenBy('ben', link)).toBe(410)
    expect((await person('ada').get('/account/shares')).text).not.toContain(`/p/${id}`)
  })
})

describe('SANDPIT_SHARES', () => {
  it('narrows all links to those who are signed in, or turns them off', async () => {
    await sandpit.close()
    const data = mkdtempSync(join(tmpdir(), 'sandpit-test-'))
    sandpit = await createTestApp({ models, environment, data, now: () => now })
    const { id, link } = await shared()
    const restart = async (rule: string) => {
      await sandpit.close()
      const set = { ...environment, SANDPIT_SHARES: rule }
      sandpit = await createTestApp({ models, environment: set, data, now: () => now })
    }
    await restart('signed-in')
    expect((await stranger().request(link)).status).toBe(401)
    expect(await seenBy('ben', link)).toBe(200)
    expect((await person('ada').get(`/p/${id}/shares`)).text).not.toContain('value="anyone"')
    await restart('off')
    expect(await endedText(link)).toContain('Share links are turned off here')
    expect((await person('ada').get(`/p/${id}/shares`)).status).toBe(404)
    expect((await person('ada').get(`/p/${id}`)).text).not.toContain(`/p/${id}/shares"`)
  })
})
