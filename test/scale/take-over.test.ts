import { afterEach, beforeEach, expect, inject, it, onTestFinished } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { query } from '../support/postgres.ts'
import { createSharedDatabase, type SharedDatabase } from '../support/shared-database.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import type { TestApp } from '../support/test-app.ts'
import { createWaitingProvider } from '../support/waiting-provider.ts'

const provider = (names: readonly string[]) =>
  createWaitingProvider({ runsHere: true, models: names.map((name) => ({ name, copies: 1 })) })

/** Short enough for a test. */
const timing = { beatMs: 100, deadMs: 3_000, stalledMs: 2_500, settleMs: 300, goneMs: 300_000 }
/** Where nobody dies, however slow the machine is. */
const patient = { ...timing, deadMs: 60_000, stalledMs: 50_000 }
/** Of a replica that is taken for dead, and does not notice. */
const frozen = { ...timing, beatMs: 600_000, stalledMs: 600_000 }

let database: SharedDatabase
beforeEach(async () => {
  database = await createSharedDatabase()
})
afterEach(() => database.close())

const open = (more = timing, models: readonly string[] = ['slow']) =>
  database.open({ providers: () => [provider(models)], timing: more })
/** A replica that can be cut off from the database. */
async function openBehindProxy(more: typeof timing) {
  const proxy = await startTcpProxy(Number(new URL(inject('postgres')).port))
  onTestFinished(proxy.close)
  const options = { port: proxy.port, providers: () => [provider(['slow'])], timing: more }
  return { proxy, app: await database.open(options) }
}
/** A replica that has none of the models. */
const openEmpty = () => open({ ...timing, goneMs: 0 }, [])

async function run(
  { runner }: TestApp,
  ms: number,
  more: { readonly deadline?: number } = {},
): Promise<string> {
  const model = await runner.findModel({ owner: 'test', name: 'slow' })
  if (!model) throw new Error('There is no such model')
  const request = { input: { ms }, files: [], createdBy: 'ada', formKey: null, ...more }
  const started = await runner.start({ ...request, model, source: 'api' })
  if (!started.ok) throw new Error(started.reason)
  return started.prediction.id
}

/** Waits until two replicas have said that they live ten times since both said which models they have. */
async function knowEachOther(): Promise<void> {
  const beats = async () => {
    const rows = await query(database.url, `select beat_at from replicas where models <> '[]'`)
    expect(rows).toHaveLength(2)
    return rows.map((row) => Number(row.beat_at))
  }
  let since = Number.POSITIVE_INFINITY
  await eventually(async () => {
    since = Math.max(...(await beats()))
  })
  await eventually(async () =>
    expect(Math.min(...(await beats()))).toBeGreaterThan(since + 10 * timing.beatMs),
  )
}

const statusOf = async ({ runner }: TestApp, id: string) => (await runner.find(id))?.status

it('runs a prediction again whose replica is gone, once, and refuses what that one saves later', async () => {
  const dead = await open(frozen)
  const id = await run(dead, 5_000)
  await eventually(async () => expect(await statusOf(dead, id)).toBe('processing'))
  const other = await open()
  await eventually(async () => expect(await other.runner.find(id)).toMatchObject({ attempt: 2 }))
  await eventually(async () => expect(await statusOf(other, id)).toBe('succeeded'))
  const settled = await other.runner.find(id)
  expect(settled?.logs).toContain('restarted')
  expect(await dead.runner.find(id)).toMatchObject({
    output: settled?.output,
    revision: settled?.revision,
  })
})

it('gives up what it runs when it cannot say that it lives, and is not ready', async () => {
  const { proxy, app: cut } = await openBehindProxy({ ...timing, stalledMs: 2_000 })
  const id = await run(cut, 60_000)
  await eventually(async () => expect(await statusOf(cut, id)).toBe('processing'))
  proxy.refuse(true)
  proxy.cut()
  await eventually(async () => expect((await cut.app.request('/readyz')).status).toBe(503))
  const other = await open()
  await eventually(async () => expect(await other.runner.find(id)).toMatchObject({ attempt: 2 }))
  proxy.refuse(false)
  await other.runner.cancel(id)
  expect(await statusOf(cut, id)).toBe('canceled')
})

it('cancels and removes what another replica runs, and what waits', async () => {
  const [one, other] = [await open(patient), await open(patient)]
  const ids = [await run(one, 60_000), await run(one, 60_000), await run(other, 60_000)]
  await eventually(async () =>
    expect(await Promise.all(ids.map((id) => statusOf(one, id)))).toContain('starting'),
  )
  await Promise.all([...ids.map((id) => one.runner.cancel(id)), other.runner.cancel(ids[0] ?? '')])
  for (const id of ids) expect(await statusOf(other, id)).toBe('canceled')
  const last = await run(other, 60_000)
  await eventually(async () => expect(await statusOf(one, last)).toBe('processing'))
  expect(await one.runner.remove(last)).toBe(true)
  expect(await other.runner.find(last)).toBeNull()
})

it('ends what was asked to end when the replica that runs it is gone', async () => {
  const dead = await open(frozen)
  const id = await run(dead, 60_000)
  await eventually(async () => expect(await statusOf(dead, id)).toBe('processing'))
  const other = await open()
  await other.runner.cancel(id)
  expect(await other.runner.find(id)).toMatchObject({ status: 'canceled' })
})

it('keeps the deadline of what runs elsewhere', async () => {
  const one = await open()
  const id = await run(one, 60_000, { deadline: Date.now() + 3_000 })
  const other = await open()
  await eventually(async () => expect(await statusOf(other, id)).toBe('canceled'))
})

it('leaves what it runs to others when it stops', async () => {
  const [one, other] = [await open(patient), await open(patient)]
  const busy = await run(other, 60_000)
  await eventually(async () => expect(await statusOf(other, busy)).toBe('processing'))
  const id = await run(one, 4_000)
  await eventually(async () => expect(await statusOf(one, id)).toBe('processing'))
  await one.close()
  await other.runner.cancel(busy)
  await eventually(async () => expect(await statusOf(other, id)).toBe('succeeded'))
  expect(await other.runner.find(id)).toMatchObject({ attempt: 2 })
})

it('fails what waits for a model that no replica has', async () => {
  const [one, empty] = [await open(), await openEmpty()]
  const ids = [await run(one, 1_500), await run(one, 1_500)]
  await eventually(async () => expect(await statusOf(one, ids[1] ?? '')).toBe('succeeded'))
  const last = await run(one, 60_000)
  await one.close()
  await eventually(async () =>
    expect(await empty.runner.find(last)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('no longer available'),
    }),
  )
})

it('ends what waits past its deadline when the replica that accepted it is gone', async () => {
  const other = await open()
  const { proxy, app: dead } = await openBehindProxy(frozen)
  for (const one of [other, dead]) {
    const busy = await run(one, 60_000)
    await eventually(async () => expect(await statusOf(one, busy)).toBe('processing'))
  }
  const id = await run(dead, 10, { deadline: Date.now() + 2_000 })
  proxy.refuse(true)
  proxy.cut()
  await eventually(async () =>
    expect(await other.runner.find(id)).toMatchObject({
      status: 'aborted',
      startedAt: null,
      error: expect.stringContaining('before its deadline'),
    }),
  )
})

it('leaves what waits to the replica that has its version', async () => {
  const begun: string[] = []
  const openWith = (version: string) =>
    database.open({
      timing: patient,
      providers: () => [
        createWaitingProvider({
          runsHere: true,
          models: [{ name: 'slow', copies: 1, version }],
          began: ({ id }) => begun.push(`${id} at ${version}`),
        }),
      ],
    })
  const [one, other] = [await openWith('a'), await openWith('b')]
  await knowEachOther()
  const busy = await run(other, 60_000)
  await eventually(async () => expect(await statusOf(other, busy)).toBe('processing'))
  const first = await run(one, 60_000)
  await eventually(async () => expect(await statusOf(one, first)).toBe('processing'))
  const second = await run(one, 10)
  await other.runner.cancel(busy)
  await one.runner.cancel(first)
  await eventually(async () => expect(await statusOf(one, second)).toBe('succeeded'))
  expect(begun).toEqual([`${busy} at b`, `${first} at a`, `${second} at a`])
})
