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
/** The places whose runs fail. */
let failing: Set<number>
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'sandpit-groups-'))
  began = []
  failing = new Set()
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
        fails: ({ input }) => failing.has(Number(input.place)),
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
    const second = await sandpit.runner.settledWithin(members[1]?.id ?? '', 60_000)
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
      {
        place: 1,
        model: gone.ref,
        problem: 'There is no model test/gone any more.',
        summary: 'ms = 1, place = 1',
      },
    ])
  })

  it('goes on with the rest when a model goes away in the middle', async () => {
    const other: WaitingModel = { name: 'other', copies: 1 }
    models.push(other)
    await sandpit.close()
    await open()
    const both = await Promise.all(
      ['waits', 'other'].map((name) => sandpit.runner.findModel({ owner: 'test', name })),
    )
    const runs = Array.from({ length: 80 }, (_, place) => {
      const model = both[place % 2]
      if (!model) throw new Error('The model is not there')
      return { place, model, input: { ms: 20, place }, files: [] }
    })
    const group = await start([], { kind: 'batch', axes: [], runs })
    await eventually(() => expect(began.length).toBeGreaterThan(3))
    models.splice(models.indexOf(other), 1)
    await eventually(async () => {
      const { made = {}, planned, refused = 0 } = (await countsOf(group)) ?? {}
      expect(planned).toBe(0)
      expect((made.succeeded ?? 0) + (made.failed ?? 0) + refused).toBe(80)
      expect(made.succeeded).toBeGreaterThanOrEqual(40)
      expect(refused).toBeGreaterThan(0)
    })
    const [plan] = await sandpit.store.plansOf(group.id, everything)
    expect(plan?.problem).toBe('There is no model test/other any more.')
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

  it('runs again what failed, each in place of the run before, which keeps its page', async () => {
    failing = new Set([0, 2])
    const group = await start([1, 1, 1])
    const failed = { made: { succeeded: 1, failed: 2 }, planned: 0, refused: 0 }
    await eventually(async () => expect(await countsOf(group)).toEqual(failed))
    const before = await sandpit.store.membersOf(group.id, everything)
    failing = new Set()
    expect(await sandpit.runner.groups.again(group, null)).toEqual([])
    await eventually(async () => expect(await countsOf(group)).toEqual(ended(3)))
    const after = await sandpit.store.membersOf(group.id, everything)
    expect(after.map((one) => one.group.place)).toEqual([0, 1, 2])
    expect(after[1]?.id).toBe(before[1]?.id)
    for (const place of [0, 2]) {
      const older = await sandpit.runner.find(before[place]?.id ?? '')
      expect(older).toMatchObject({ status: 'failed', group: { id: group.id, place: null } })
      const newer = await sandpit.runner.settledWithin(after[place]?.id ?? '', 60_000)
      expect(newer).toMatchObject({ status: 'succeeded', input: older?.input ?? {} })
    }
    const { predictions } = await sandpit.store.page({ isTop: true }, 10, null)
    expect(predictions).toHaveLength(1)
    expect(predictions[0]?.group?.place).not.toBeNull()
  })

  it('runs some places again, and nothing that succeeded or still runs', async () => {
    failing = new Set([0, 1])
    const group = await start([1, 1, 1, 60_000])
    await eventually(async () =>
      expect(await countsOf(group)).toMatchObject({ made: { failed: 2, succeeded: 1 } }),
    )
    failing = new Set()
    await sandpit.runner.groups.again(group, [1, 2, 3, 9])
    await eventually(async () =>
      expect(await countsOf(group)).toMatchObject({
        made: { failed: 1, succeeded: 2, processing: 1 },
        planned: 0,
      }),
    )
  })

  it('runs one again of a group that was canceled, without the rest', async () => {
    const group = await start(Array.from({ length: 50 }, () => 60_000))
    await eventually(() => expect(began.length).toBe(4))
    await sandpit.runner.groups.cancel(group.id)
    const { planned = 0, made = {} } = (await countsOf(group)) ?? {}
    const stopped = await sandpit.store.findGroup(group.id)
    if (!stopped) throw new Error('The group is gone')
    expect(await sandpit.runner.groups.again(stopped, [1])).toEqual([])
    await eventually(async () =>
      expect(await countsOf(group)).toEqual({
        made: { canceled: (made.canceled ?? 0) - 1, processing: 1 },
        planned,
        refused: 0,
      }),
    )
  })

  it('says why a run is not made again, and keeps it', async () => {
    failing = new Set([0])
    const group = await start([1])
    const failed = { made: { failed: 1 }, planned: 0, refused: 0 }
    await eventually(async () => expect(await countsOf(group)).toEqual(failed))
    await sandpit.close()
    models = []
    await open()
    expect(await sandpit.runner.groups.again(group, null)).toEqual([
      'There is no model test/waits any more.',
    ])
    expect(await countsOf(group)).toEqual(failed)
  })

  it('has a row in lists though all that it made was deleted while more is planned', async () => {
    const group = await start(Array.from({ length: 40 }, () => 60_000))
    await eventually(() => expect(began.length).toBe(4))
    for (const { id } of await sandpit.store.membersOf(group.id, everything))
      await sandpit.runner.remove(id)
    await eventually(async () => {
      const { predictions } = await sandpit.store.page({ isTop: true }, 10, null)
      expect(predictions.map((one) => one.group?.id)).toEqual([group.id])
    })
  })

  it('is gone with its last prediction when no more are started', async () => {
    const group = await start([1, 1])
    await eventually(async () => expect(await countsOf(group)).toEqual(ended(2)))
    for (const { id } of await sandpit.store.membersOf(group.id, everything))
      await sandpit.runner.remove(id)
    expect(await sandpit.store.findGroup(group.id)).toBeNull()
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
