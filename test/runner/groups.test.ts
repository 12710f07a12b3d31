import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunGroup } from '../../src/domain/group/group.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { GroupRequest } from '../../src/runner/groups/plan.ts'
import type { Store } from '../../src/store/store.ts'
import { eventually } from '../support/eventually.ts'
import { namedPerson } from '../support/named-person.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createWaitingProvider, type WaitingModel } from '../support/waiting-provider.ts'

let data: string
let sandpit: TestApp
let began: number[]
let models: WaitingModel[]
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'sandpit-groups-'))
  began = []
  models = [{ name: 'waits', copies: 4 }]
  await open()
})
afterEach(async () => {
  await sandpit.close()
  rmSync(data, { recursive: true, force: true })
})

async function open(
  environment: Readonly<Record<string, string>> = {},
  wrapStore: (store: Store) => Store = (store) => store,
): Promise<void> {
  sandpit = await createTestApp({
    data,
    environment,
    wrapStore,
    timing: { deadMs: 400 },
    providers: () => [
      createWaitingProvider({
        models,
        runsHere: true,
        began: ({ input }) => began.push(Number(input.place)),
      }),
    ],
  })
}

/** A group of runs that each take so many milliseconds. */
async function start(times: readonly number[], given: Partial<GroupRequest> = {}) {
  const model = await sandpit.runner.findModel({ owner: 'test', name: 'waits' })
  if (!model) throw new Error('The model is not there')
  return sandpit.runner.groups.start({
    kind: 'sweep',
    title: 'ms',
    axes: [{ input: 'ms', values: [...times] }],
    source: 'web',
    createdBy: 'ada',
    formKey: null,
    runs: times.map((ms, place) => ({ place, model, input: { ms, place }, files: [] })),
    ...given,
  })
}

const everything = { from: 0, limit: 1_000 }

async function statusesOf({ id }: RunGroup): Promise<Prediction['status'][]> {
  return (await sandpit.store.membersOf(id, everything)).map(({ status }) => status)
}

async function countsOf({ id }: RunGroup) {
  return (await sandpit.store.countsOf([id])).get(id)
}

const ended = (runs: number) => ({ made: { succeeded: runs }, planned: 0, refused: 0 })

describe('a group of runs', () => {
  it('makes an ordinary prediction of each, at its place', async () => {
    const group = await start([1, 2, 3])
    await eventually(async () => expect(await countsOf(group)).toEqual(ended(3)))
    const members = await sandpit.store.membersOf(group.id, everything)
    expect(members.map(({ group: place }) => place)).toEqual([
      { id: group.id, place: 0, isListed: true },
      { id: group.id, place: 1, isListed: false },
      { id: group.id, place: 2, isListed: false },
    ])
    const second = await sandpit.runner.settledWithin(members[1]?.id ?? '', 10_000)
    expect(second).toMatchObject({
      input: { ms: 2, place: 1 },
      createdBy: 'ada',
      status: 'succeeded',
    })
  })

  it('is one row in lists, also once that prediction is deleted', async () => {
    const group = await start([1, 1, 1])
    await eventually(async () => expect(await countsOf(group)).toEqual(ended(3)))
    const listed = async () => {
      const { predictions } = await sandpit.store.page({ isTop: true }, 10, null)
      return predictions.map((one) => one.group?.place)
    }
    expect(await listed()).toEqual([0])
    const [first] = await sandpit.store.membersOf(group.id, everything)
    await sandpit.runner.remove(first?.id ?? '')
    expect(await listed()).toEqual([1])
  })

  it('starts no more at once than leave room for others, and all in the end', async () => {
    const group = await start(Array.from({ length: 100 }, () => 1))
    const waiting = (await countsOf(group))?.planned ?? 0
    expect(waiting).toBeGreaterThanOrEqual(60)
    await eventually(async () => expect(await countsOf(group)).toEqual(ended(100)))
    expect(new Set(began).size).toBe(100)
  })

  it('goes on after a restart, and makes none twice', async () => {
    const group = await start(Array.from({ length: 60 }, () => 5))
    await eventually(() => expect(began.length).toBeGreaterThan(5))
    await sandpit.close()
    await open()
    await sandpit.runner.recover()
    await eventually(async () => expect((await countsOf(group))?.planned).toBe(0))
    await eventually(async () => {
      const { made = {} } = (await countsOf(group)) ?? {}
      expect((made.succeeded ?? 0) + (made.failed ?? 0)).toBe(60)
    })
    const places = (await sandpit.store.membersOf(group.id, everything)).map(
      (one) => one.group.place,
    )
    expect(places).toEqual(Array.from({ length: 60 }, (_, place) => place))
  })

  it('is canceled as a whole', async () => {
    const group = await start(Array.from({ length: 50 }, () => 60_000))
    await eventually(() => expect(began.length).toBe(4))
    await sandpit.runner.groups.cancel(group.id)
    const statuses = await statusesOf(group)
    expect(statuses.length).toBeGreaterThanOrEqual(4)
    expect(new Set(statuses)).toEqual(new Set(['canceled']))
    expect(await sandpit.store.findGroup(group.id)).toMatchObject({ stopped: 'It was canceled.' })
    expect(await countsOf(group)).toMatchObject({ planned: 50 - statuses.length })
  })

  it('goes on with the rest after it was canceled', async () => {
    const group = await start([60_000, ...Array.from({ length: 40 }, () => 1)])
    await eventually(() => expect(began.length).toBeGreaterThan(0))
    await sandpit.runner.groups.cancel(group.id)
    await sandpit.runner.groups.resume(group.id)
    await eventually(async () => expect((await countsOf(group))?.planned).toBe(0))
    await eventually(async () => {
      const { made = {} } = (await countsOf(group)) ?? {}
      expect((made.succeeded ?? 0) + (made.canceled ?? 0)).toBe(41)
    })
  })

  it('says which runs could not be made, and makes the others', async () => {
    const waits = await sandpit.runner.findModel({ owner: 'test', name: 'waits' })
    if (!waits) throw new Error('The model is not there')
    const gone = { ...waits, ref: { owner: 'test', name: 'gone' } }
    const runs = [waits, gone, waits].map((model, place) => ({
      place,
      model,
      input: { ms: 1, place },
      files: [],
    }))
    const group = await start([1], { kind: 'compare', runs })
    const counts = { made: { succeeded: 2 }, planned: 0, refused: 1 }
    await eventually(async () => expect(await countsOf(group)).toEqual(counts))
    expect(await sandpit.store.plansOf(group.id, everything)).toEqual([
      { place: 1, model: gone.ref, problem: 'There is no model test/gone any more.' },
    ])
  })

  it('has a row in lists though its first run could not be made', async () => {
    const waits = await sandpit.runner.findModel({ owner: 'test', name: 'waits' })
    if (!waits) throw new Error('The model is not there')
    const gone = { ...waits, ref: { owner: 'test', name: 'gone' } }
    const runs = [gone, waits, waits].map((model, place) => ({
      place,
      model,
      input: { ms: 1, place },
      files: [],
    }))
    const group = await start([1], { kind: 'compare', runs })
    const counts = { made: { succeeded: 2 }, planned: 0, refused: 1 }
    await eventually(async () => expect(await countsOf(group)).toEqual(counts))
    const { predictions } = await sandpit.store.page({ isTop: true }, 10, null)
    expect(predictions.map((one) => one.group?.place)).toEqual([1])
  })

  it('goes on once the database can be read again', async () => {
    await sandpit.close()
    let faults = 0
    await open({}, (store) => ({
      ...store,
      async nextPlanned(...given) {
        faults++
        if (faults === 2) throw new Error('The disk is away')
        return store.nextPlanned(...given)
      },
    }))
    const group = await start([1, 1, 1])
    await eventually(async () => expect(await countsOf(group)).toEqual(ended(3)))
    expect(faults).toBeGreaterThan(2)
  })

  it('is made once by two presses on Run', async () => {
    const formKey = 'k'.repeat(26)
    const [one, other] = await Promise.all([start([1, 2], { formKey }), start([1, 2], { formKey })])
    expect(other.id).toBe(one.id)
    const another = await start([1, 3], { formKey })
    expect(another.id).not.toBe(one.id)
  })

  it('stops at the limit of a day, with the sentence, and goes on with the rest when told to', async () => {
    await sandpit.close()
    await open({
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_GROUPS: '*=member',
      SANDPIT_QUOTA: 'member=day:3',
    })
    await namedPerson(sandpit, 'mia').get('/')
    const [person] = await sandpit.store.peopleAmong(['mia'])
    const group = await start([1, 1, 1, 1, 1], { createdBy: person?.id ?? '' })
    const stopped = 'All 3 runs of today are used, until midnight UTC.'
    await eventually(async () =>
      expect(await sandpit.store.findGroup(group.id)).toMatchObject({ stopped }),
    )
    await eventually(async () => expect(await countsOf(group)).toEqual({ ...ended(3), planned: 2 }))
  })
})
