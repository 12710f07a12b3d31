import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunGroup } from '../../../src/domain/group/group.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { idOf, predictionOf, start, versionOf } from '../../support/domain.ts'
import { namedPerson } from '../../support/named-person.ts'
import { shareLinksOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const settled = { status: 'succeeded', startedAt: start, completedAt: start + 5_000 } as const

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await open()
})
afterAll(() => sandpit.close())

async function open(settings: Record<string, string> = {}): Promise<TestApp> {
  const environment = {
    ...{ SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga', SANDPIT_GROUPS: '*=member' },
    ...settings,
  }
  const opened = await createTestApp({ models: [], environment, now: () => start })
  for (const name of ['ada', 'ben', 'olga']) await namedPerson(opened, name).get('/')
  return opened
}

async function accountOf(app: TestApp, name: string): Promise<string> {
  return (await app.store.peopleAmong([name]))[0]?.id ?? ''
}

const person = (name: string, app = sandpit) => namedPerson(app, name)

/** A sweep of ada’s over some numbers, all of which have succeeded unless said otherwise. */
async function sweep(
  number: number,
  size: number,
  { app = sandpit, ...changes }: Partial<Prediction> & { app?: TestApp } = {},
): Promise<RunGroup> {
  const createdBy = await accountOf(app, 'ada')
  const { visibility = 'public' } = changes
  const model = { owner: 'kestrel', name: 'lantern' }
  const values = Array.from({ length: size }, (_, at) => at + 1)
  const group: RunGroup = {
    ...{ id: idOf(number), kind: 'sweep', title: 'Numbers', models: [model], size },
    ...{ axes: [{ input: 'number', values }], stopped: null, source: 'web' },
    ...{ createdBy, account: createdBy, visibility, createdAt: start },
  }
  await app.store.addGroup(group, null)
  await app.store.openGroup(group.id)
  for (const place of values.keys())
    await app.store.accept(
      predictionOf({
        ...{ id: idOf(number + 1 + place), model, createdBy, account: createdBy, ...settled },
        ...{ output: `Made ${place}`, visibility, ...changes },
        group: { id: group.id, place, isListed: place === 0 },
      }),
      versionOf({ model }),
      null,
    )
  return group
}

/** The verdicts that are pressed on a page, by place. */
async function pressedOn(path: string, name: string, app = sandpit): Promise<string[]> {
  const { text } = await person(name, app).get(path)
  return [...text.matchAll(/value="(\d+)" aria-pressed="true" aria-label="(\w+):/g)].map(
    ([, place, word]) => `${place} ${word}`,
  )
}

const hasThumbs = async (path: string, name: string, app = sandpit) =>
  (await person(name, app).get(path)).text.includes('aria-label="Good: number 1"')

async function linkTo(group: RunGroup, terms: Record<string, string> = {}, app = sandpit) {
  await person('ada', app).post(`/g/${group.id}/shares`, terms)
  const links = await shareLinksOf(app, { kind: 'group', id: group.id })
  return links.at(-1)?.link ?? ''
}

describe('a cell of a group', () => {
  it('is judged in its place, and the note of its page stays', async () => {
    const group = await sweep(1000, 3)
    const page = sandpit.paths.group(group.id)
    const action = sandpit.paths.groupJudgement(group.id)
    await person('ben').post(sandpit.paths.judgement(idOf(1002)), { verdict: 'bad', note: 'Dim.' })
    expect(await pressedOn(page, 'ben')).toEqual(['1 Bad'])
    expect((await person('ben').post(action, { good: '1' })).headers.get('Location')).toBe(page)
    await person('ben').post(action, { bad: '2' })
    expect(await pressedOn(page, 'ben')).toEqual(['1 Good', '2 Bad'])
    expect(await pressedOn(page, 'ada')).toEqual([])
    expect(await sandpit.store.judgementsOf(idOf(1002))).toMatchObject([
      { verdict: 'good', note: 'Dim.' },
    ])
    await person('ben').post(action, { neither: '2' })
    expect(await pressedOn(page, 'ben')).toEqual(['1 Good'])
    expect(await sandpit.store.judgementsOf(idOf(1003))).toEqual([])
  })

  it('answers htmx with its two buttons alone', async () => {
    const group = await sweep(1100, 2)
    const answer = await person('ben').ask(sandpit.paths.groupJudgement(group.id), {
      method: 'POST',
      headers: { 'HX-Request-Type': 'partial' },
      body: new URLSearchParams({ good: '1' }),
    })
    expect(answer.headers.get('Sandpit')).toBe('fragment')
    expect(answer.headers.get('HX-Retarget')).toContain('[value="1"]')
    const text = await answer.text()
    expect(text).toMatch(/^<span class="switch">/)
    expect(text).toMatch(/name="neither" value="1" aria-pressed="true" aria-label="Good: number 2"/)
    expect(text.match(/<button/g)).toHaveLength(2)
  })

  it('is judged only once it has succeeded, and by those who see it', async () => {
    const failed = await sweep(1200, 1, { status: 'failed', error: 'No.' })
    const hidden = await sweep(1210, 1, { visibility: 'private' })
    expect(await hasThumbs(sandpit.paths.group(failed.id), 'ben')).toBe(false)
    expect(await hasThumbs(sandpit.paths.group(hidden.id), 'ada')).toBe(true)
    const action = sandpit.paths.groupJudgement(hidden.id)
    expect((await person('ben').post(action, { good: '0' })).status).toBe(404)
    expect((await person('ada').post(action, { good: '0' })).status).toBe(303)
  })

  it.each(['7', '-1', '1 2', '', '99999999999'])('is not at the place “%s”', async (good) => {
    const group = sandpit.paths.groupJudgement(idOf(1000))
    expect((await person('ben').post(group, { good })).status).toBe(404)
  })

  it('takes so few bytes that a hundred are a page of 60 KB', async () => {
    const group = await sweep(2000, 100)
    const { text } = await person('ada').get(sandpit.paths.group(group.id))
    expect(text.match(/aria-label="Bad: /g)).toHaveLength(100)
    expect(Buffer.byteLength(text)).toBeLessThan(60_000)
  })
})

describe('below a share link', () => {
  it('people who are signed in judge what it shows, and see nothing that others wrote', async () => {
    const group = await sweep(3000, 2, { visibility: 'private' })
    const link = await linkTo(group)
    await person('ada').post(sandpit.paths.judgement(idOf(3001)), { verdict: 'bad', note: 'Mine.' })
    expect(await pressedOn(link, 'ben')).toEqual([])
    expect((await person('ben').post(`${link}/judgement`, { good: '0' })).status).toBe(303)
    expect(await pressedOn(link, 'ben')).toEqual(['0 Good'])
    const cell = `${link}/p/${idOf(3001)}`
    const box = (await person('ben').get(cell)).text
    expect(box).toContain(`action="${cell}/judgement"`)
    expect(box).toMatch(/aria-pressed="true"[^>]*>Good/)
    expect(box).not.toContain('Mine.')
    const judged = await person('ben').post(`${cell}/judgement`, { verdict: 'bad', note: 'Dark.' })
    expect([judged.status, judged.headers.get('Location')]).toEqual([303, cell])
    expect(await sandpit.store.judgementsOf(idOf(3001))).toHaveLength(2)
  })

  it('a prediction that is shared alone is judged on its page', async () => {
    await sweep(3100, 1, { visibility: 'private' })
    await person('ada').post(`/p/${idOf(3101)}/shares`)
    const [{ link } = { link: '' }] = await shareLinksOf(sandpit, idOf(3101))
    expect((await person('ben').get(link)).text).toContain(`action="${link}/judgement"`)
    await person('ben').post(`${link}/judgement`, { verdict: 'good', note: '' })
    expect(await sandpit.store.judgementsOf(idOf(3101))).toMatchObject([{ verdict: 'good' }])
  })

  it('visitors who are not signed in see no buttons, and judge nothing', async () => {
    const group = await sweep(3200, 1)
    const link = await linkTo(group)
    expect((await person('').get(link)).status).toBe(200)
    expect(await hasThumbs(link, '')).toBe(false)
    expect((await person('').get(`${link}/p/${idOf(3201)}`)).text).not.toContain('Is it good?')
    expect((await person('').post(`${link}/judgement`, { good: '0' })).status).toBe(401)
    expect(await sandpit.store.judgementsOf(idOf(3201))).toEqual([])
  })

  it('nothing is judged once it has ended, and nothing that it does not show', async () => {
    const group = await sweep(3300, 1, { visibility: 'private' })
    const other = await sweep(3310, 1, { visibility: 'private' })
    const link = await linkTo(group)
    const inOther = `${link}/p/${idOf(3311)}/judgement`
    expect((await person('ben').post(inOther, { verdict: 'good' })).status).toBe(404)
    const forBen = await linkTo(other, { audience: 'people', people: 'ada' })
    expect((await person('ben').post(`${forBen}/judgement`, { good: '0' })).status).toBe(404)
    await person('ada').post(`/g/${group.id}/shares/revocation`)
    const posted = [`${link}/judgement`, `${link}/p/${idOf(3301)}/judgement`]
    for (const path of posted)
      expect((await person('ben').post(path, { good: '0', verdict: 'good' })).status).toBe(404)
    expect(await sandpit.store.judgementsOf(idOf(3301))).toEqual([])
  })
})

it.each([
  ['off', { ada: false, ben: false, olga: false }],
  ['own', { ada: true, ben: false, olga: true }],
  ['everyone', { ada: true, ben: true, olga: true }],
] as const)('with SANDPIT_JUDGES=%s, cells are judged by those alone', async (setting, may) => {
  const app = await open({ SANDPIT_JUDGES: setting })
  try {
    const group = await sweep(1, 1, { app })
    const link = await linkTo(group, {}, app)
    for (const [name, allowed] of Object.entries(may))
      for (const [page, action] of [
        [app.paths.group(group.id), app.paths.groupJudgement(group.id)],
        [link, `${link}/judgement`],
      ] as const) {
        expect(await hasThumbs(page, name, app), `${name} ${page}`).toBe(allowed)
        const { status } = await person(name, app).post(action, { good: '0' })
        expect(status, `${name} ${action}`).toBe(allowed ? 303 : 404)
      }
  } finally {
    await app.close()
  }
})
