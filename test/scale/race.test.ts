import pg from 'pg'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { eventually } from '../support/eventually.ts'
import { personOf } from '../support/people.ts'
import { createSharedDatabase, type SharedDatabase } from '../support/shared-database.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import type { TestApp } from '../support/test-app.ts'
import { createWaitingProvider } from '../support/waiting-provider.ts'

const limits = { one: 1, three: 3, six: 6 } as const
type Name = keyof typeof limits
const jobs = { one: 150, three: 450, six: 900 } as const
/** Of those of `six`, a third is sent to it. */
const deployment = { owner: 'test', name: 'few' }
const maxInstances = 2
/** Two of three are of somebody who may run fewer than there is room for, in all models. */
const mostOfPerson = 4
const limited = personOf('bob', { quota: { running: mostOfPerson } })

/** The next replica is disturbed when so many more have settled: as often on a slow machine. */
const disturbedAfter = 150

const timing = { beatMs: 200, deadMs: 2_000, stalledMs: 1_600, settleMs: 400 }

type Replica = Awaited<ReturnType<typeof openReplica>>

let database: SharedDatabase
let observer: pg.Client
let proxies: { close(): void }[]
let ended: Map<string, number>
let replicas: Replica[]
beforeEach(async () => {
  database = await createSharedDatabase()
  observer = new pg.Client({ connectionString: database.url })
  await observer.connect()
  proxies = []
  ended = new Map()
  replicas = []
})
afterEach(async () => {
  await observer.end()
  for (const proxy of proxies) proxy.close()
  await database.close()
})

/** A replica behind a proxy of its own. */
async function openReplica() {
  const proxy = await startTcpProxy(Number(new URL(inject('postgres')).port))
  proxies.push(proxy)
  const models = Object.entries(limits).map(([name, copies]) => ({ name, copies }))
  const app = await database.open({
    port: proxy.port,
    timing,
    environment: { SANDPIT_MAX_QUEUE: '5000', SANDPIT_AUTH: 'header:x-user' },
    providers: () => [createWaitingProvider({ models, runsHere: false })],
  })
  app.runner.listenToSaves((previous, next) => {
    if (isSettled(previous) || !isSettled(next)) return
    const times = ended.get(next.id) ?? 0
    ended.set(next.id, times + 1)
    if (times === 0 && ended.size % disturbedAfter === 0)
      void disturb(ended.size / disturbedAfter - 1)
  })
  return { app, proxy }
}

async function start({ runner }: TestApp, name: Name, number: number): Promise<string | null> {
  const model = await runner.findModel({ owner: 'test', name })
  if (!model) throw new Error('There is no such model')
  const sent = name === 'six' && number % 3 === 0 ? { deployment } : {}
  const createdBy = number % 3 === 0 ? 'ada' : limited.id
  const request = { input: { ms: 10 + (number % 61) }, files: [], createdBy, formKey: null }
  const started = await runner
    .start({ ...request, ...sent, model, source: 'api' })
    .catch(() => null)
  return started?.ok ? started.prediction.id : null
}

/** Reads how many run at once, until it is told to stop. Resolves with the limits that were broken. */
function watchLimits() {
  const broken: string[] = []
  /** The most that ran at once of the person. */
  let most = 0
  let stopped = false
  async function look(): Promise<void> {
    while (!stopped) {
      const { rows } = await observer.query(`
        select model_name as name, count(*)::int as running,
          count(*) filter (where deployment is not null)::int as sent,
          count(*) filter (where created_by = '${limited.id}')::int as theirs
        from predictions where owner is not null group by 1`)
      const ofPerson = rows.reduce((sum, { theirs }) => sum + theirs, 0)
      if (ofPerson > mostOfPerson) broken.push(`${ofPerson} of the person`)
      most = Math.max(most, ofPerson)
      for (const { name, running, sent } of rows) {
        if (running > limits[name as Name]) broken.push(`${running} of ${name}`)
        if (sent > maxInstances) broken.push(`${sent} of the deployment`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const looking = look()
  return async () => {
    stopped = true
    await looking
    return { broken, most }
  }
}

/** Cuts a replica off for good, or lets it stall for longer than it may. */
async function disturb(turn: number): Promise<void> {
  const at = turn % replicas.length
  const one = replicas[at]
  if (!one) return
  if (turn % 2 === 0) {
    one.proxy.refuse(true)
    one.proxy.cut()
    replicas[at] = await openReplica()
  } else {
    one.proxy.stall(true)
    setTimeout(() => {
      one.proxy.cut()
      one.proxy.stall(false)
    }, 2_500)
  }
}

it('loses nothing, settles nothing twice and keeps every limit while replicas are cut off', async () => {
  replicas.push(await openReplica())
  await replicas[0]?.app.deployments.save({
    ref: deployment,
    current: {
      number: 1,
      model: { owner: 'test', name: 'six' },
      version: 'a'.repeat(64),
      hardware: 'cpu',
      minInstances: 0,
      maxInstances,
      idleMs: null,
      createdAt: Date.now(),
      createdBy: 'ada',
    },
  })
  await replicas[0]?.app.store.addPerson(limited)
  replicas.push(await openReplica(), await openReplica())
  const limitsBroken = watchLimits()
  const accepted: string[] = []
  const all = Object.entries(jobs).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, number) => ({ name: name as Name, number })),
  )
  await Promise.all(
    [0, 1, 2].map(async (lane) => {
      for (const [index, { name, number }] of all.entries()) {
        if (index % 3 !== lane) continue
        let id: string | null = null
        for (let tries = 0; id === null; tries++) {
          const replica = replicas[(lane + tries) % replicas.length]
          id = replica ? await start(replica.app, name, number) : null
        }
        accepted.push(id)
      }
    }),
  )
  await eventually(async () => {
    const { rows } = await observer.query(
      `select count(*)::int as left from predictions where status in ('starting', 'processing')`,
    )
    expect(rows[0].left).toBe(0)
  }, 120_000)
  expect(await limitsBroken()).toEqual({ broken: [], most: mostOfPerson })
  const { rows } = await observer.query('select id, status, error, attempt from predictions')
  expect(accepted.filter((id) => !rows.some((row) => row.id === id))).toEqual([])
  const failed = rows.filter(({ status }) => status !== 'succeeded')
  expect(failed.filter(({ error }) => !/stopped twice/.test(error))).toEqual([])
  expect([...ended.values()].filter((times) => times > 1)).toEqual([])
  expect(rows.filter(({ attempt }) => attempt === 2)).not.toEqual([])
}, 240_000)
