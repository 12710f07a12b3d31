import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { idOf, predictionOf, start, versionOf } from '../../support/domain.ts'
import { groupOf, runOf } from '../../support/groups.ts'
import { namedPerson } from '../../support/named-person.ts'
import { shareLinksOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const group = groupOf({ kind: 'batch', title: 'rows.csv', axes: [], visibility: 'public', size: 5 })

let sandpit: TestApp
let ada: ReturnType<typeof namedPerson>
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [],
    environment: { SANDPIT_AUTH: 'header:X-User' },
    now: () => start,
  })
  ada = namedPerson(sandpit, 'ada')
  await ada.get('/')
  const [{ id: account = '' } = {}] = await sandpit.store.peopleAmong(['ada'])
  const own = { createdBy: account, account }
  const { store } = sandpit
  await store.addGroup({ ...group, ...own }, null)
  await store.planRuns(group, [runOf(3), runOf(4, { problem: 'There is no such model.' })])
  await store.openGroup(group.id)
  await store.stopGroup(group.id, 'It was canceled.')
  const keep = (place: number, changes: Partial<Prediction> = {}) => {
    const at = { id: group.id, place, isListed: place === 0 }
    const prediction = predictionOf({ id: idOf(600 + place), group: at, ...own, ...changes })
    return store.accept(prediction, versionOf(), null)
  }
  const settled = { startedAt: start, completedAt: start + 5_000 }
  await keep(0, { ...settled, status: 'succeeded' })
  await keep(1, { ...settled, status: 'aborted' })
  await keep(2, { ...settled, status: 'succeeded', visibility: 'private' })
})
afterAll(() => sandpit.close())

async function read(path: string, person = ada) {
  const { status, text } = await person.get(path, 'application/json')
  expect(status).toBe(200)
  return JSON.parse(text)
}

const here = `http://localhost/g/${group.id}`

it('has the group with its runs by their places', async () => {
  const json = await read(`/g/${group.id}`)
  expect(json).toMatchObject({
    ...{ id: group.id, kind: 'batch', title: 'rows.csv', visibility: 'public' },
    ...{ models: ['sandpit/hello-world'], status: 'canceled', stopped: 'It was canceled.' },
    counts: { all: 5, done: 4, planned: 1, running: 0 },
    urls: { get: `${here}.json`, web: here },
    next: null,
  })
  const { runs } = json
  expect(runs[0]).toEqual({
    ...{ place: 0, id: idOf(600), model: 'sandpit/hello-world', version: versionOf().id },
    ...{ status: 'succeeded', created_at: new Date(start).toISOString() },
    started_at: new Date(start).toISOString(),
    completed_at: new Date(start + 5_000).toISOString(),
    urls: {
      get: `http://localhost/p/${idOf(600)}/prediction.json`,
      web: `http://localhost/p/${idOf(600)}`,
    },
  })
  expect(runs.map(({ status }: { status: string }) => status)).toEqual([
    ...['succeeded', 'canceled', 'succeeded', 'planned', 'refused'],
  ])
  expect(runs[4]).toMatchObject({ id: null, error: 'There is no such model.' })
})

it('is the same by its ending, and a page for browsers', async () => {
  const { status, text } = await ada.get(`/g/${group.id}.json`)
  expect([status, JSON.parse(text)]).toEqual([200, await read(`/g/${group.id}`)])
  expect((await ada.get(`/g/${group.id}`)).text).toContain('<!doctype html>')
  for (const missing of [`/g/${idOf(1)}.json`, '/g/none.json', `/g/${group.id}.csv`])
    expect((await ada.get(missing)).status, missing).toBe(404)
})

it('is read page by page, within bounds', async () => {
  const places: number[] = []
  let next: string | null = `${here}.json?limit=2`
  let pages = 0
  while (next !== null) {
    const json: { runs: { place: number }[]; next: string | null } = await read(
      next.slice('http://localhost'.length),
    )
    places.push(...json.runs.map(({ place }) => place))
    next = json.next
    pages++
  }
  expect([places, pages]).toEqual([[0, 1, 2, 3, 4], 3])
  for (const query of ['limit=0', 'limit=-1', 'limit=999999999999', 'from=x&limit=1e9'])
    expect((await read(`/g/${group.id}.json?${query}`)).runs.length, query).toBeGreaterThan(0)
  expect((await read(`/g/${group.id}.json?from=99`)).runs).toEqual([])
})

it('tells others nothing of what is private, and strangers nothing', async () => {
  const { runs } = await read(`/g/${group.id}`, namedPerson(sandpit, 'ben'))
  expect(runs[2]).toEqual({ place: 2, id: null, status: 'private' })
  const stranger = await createVisitor(sandpit).request(`/g/${group.id}.json`)
  expect(stranger.status).toBe(401)
})

it('is read below a share link, with its addresses', async () => {
  await ada.post(`/g/${group.id}/shares`)
  const [share] = await shareLinksOf(sandpit, { kind: 'group', id: group.id })
  const link = share?.link ?? ''
  const ask = async (path: string) => {
    const headers = { Accept: 'application/json' }
    return createVisitor(sandpit).request(path, { headers })
  }
  const json = JSON.parse(await (await ask(`${link}?limit=3`)).text())
  expect(json.urls.web).toBe(`http://localhost${link}`)
  expect(json.runs[2].id).toBe(idOf(602))
  for (const address of [json.next, json.runs[2].urls.get])
    expect((await ask(address.slice('http://localhost'.length))).status, address).toBe(200)
})
