import { afterEach, beforeEach, expect, inject, it, onTestFinished } from 'vitest'
import type { RunGroup } from '../../src/domain/group/group.ts'
import { eventually } from '../support/eventually.ts'
import { createSharedDatabase, type SharedDatabase } from '../support/shared-database.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import type { TestApp } from '../support/test-app.ts'
import { createWaitingProvider } from '../support/waiting-provider.ts'

/** Short enough for a test. */
const timing = { beatMs: 100, deadMs: 3_000, stalledMs: 2_500, settleMs: 300, goneMs: 300_000 }
const runs = 60

let database: SharedDatabase
beforeEach(async () => {
  database = await createSharedDatabase()
})
afterEach(() => database.close())

async function open(port?: number): Promise<TestApp> {
  const app = await database.open({
    timing,
    ...(port === undefined ? {} : { port }),
    providers: () => [
      createWaitingProvider({
        runsHere: false,
        models: [{ name: 'waits', copies: 2, rerun: true }],
      }),
    ],
  })
  await app.runner.recover()
  return app
}

async function start({ runner }: TestApp): Promise<RunGroup> {
  const model = await runner.findModel({ owner: 'test', name: 'waits' })
  if (!model) throw new Error('The model is not there')
  const places = Array.from({ length: runs }, (_, place) => place)
  return runner.groups.start({
    kind: 'sweep',
    title: 'ms',
    axes: [{ input: 'ms', values: places }],
    source: 'web',
    createdBy: 'ada',
    formKey: null,
    runs: places.map((place) => ({ place, model, input: { ms: 50 }, files: [] })),
  })
}

async function expectAll({ store }: TestApp, { id }: RunGroup): Promise<void> {
  await eventually(async () =>
    expect((await store.countsOf([id])).get(id)).toEqual({
      made: { succeeded: runs },
      planned: 0,
      refused: 0,
    }),
  )
  const places = (await store.membersOf(id, { from: 0, limit: 100 })).map(
    ({ group }) => group.place,
  )
  expect(places).toEqual(Array.from({ length: runs }, (_, place) => place))
}

it('is gone on with by another replica when its own is gone, and each run is made once', async () => {
  const proxy = await startTcpProxy(Number(new URL(inject('postgres')).port))
  onTestFinished(proxy.close)
  const first = await open(proxy.port)
  const second = await open()
  const group = await start(first)
  await eventually(async () =>
    expect(await second.store.membersOf(group.id, { from: 5, limit: 1 })).toHaveLength(1),
  )
  proxy.refuse(true)
  proxy.cut()
  await expectAll(second, group)
})

it('is gone on with at once by another replica when its own is told to stop', async () => {
  const first = await open()
  const second = await open()
  const group = await start(first)
  await eventually(async () =>
    expect(await second.store.membersOf(group.id, { from: 5, limit: 1 })).toHaveLength(1),
  )
  await first.close()
  await expectAll(second, group)
})

it('is canceled at any replica', async () => {
  const first = await open()
  const second = await open()
  const group = await start(first)
  await second.runner.groups.cancel(group.id)
  await eventually(async () => {
    const { made = {} } = (await first.store.countsOf([group.id])).get(group.id) ?? {}
    expect(made.starting ?? 0).toBe(0)
    expect(made.processing ?? 0).toBe(0)
  })
  expect(await first.store.findGroup(group.id)).toMatchObject({ stopped: 'It was canceled.' })
})
