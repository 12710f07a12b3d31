/**
 * How many predictions the store accepts and settles in a second, each of them durable, for 64 clients in each
 * process: `node bench/writes.ts`, on SQLite and on PostgreSQL with 1 and with 3 processes. It starts a
 * PostgreSQL server, or writes to an empty database at `DATABASE_URL`.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '../src/domain/id.ts'
import { apply } from '../src/domain/prediction/apply.ts'
import { openPostgres } from '../src/store/postgres/postgres.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import type { Store } from '../src/store/store.ts'
import { startCluster } from '../test/support/cluster.ts'
import { predictionOf, versionOf } from '../test/support/domain.ts'

const clients = 64
const models = 20
const ms = { warmUp: 2_000, measured: 6_000 }

interface Figures {
  readonly made: number
  /** Processor time of the process, in milliseconds. */
  readonly cpu: number
}

const [, , target] = process.argv
if (target === undefined) await measureAll()
else await measureHere(target)

async function measureAll(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-writes-'))
  await measure('SQLite', join(folder, 'sandpit.sqlite'), 1)
  rmSync(folder, { recursive: true })
  const { DATABASE_URL } = process.env
  const cluster = DATABASE_URL === undefined ? await startCluster({ isDurable: true }) : null
  const url = DATABASE_URL ?? `${cluster?.url}/postgres`
  for (const processes of [1, 3]) await measure('PostgreSQL', url, processes)
  await cluster?.stop()
}

async function measure(name: string, at: string, processes: number): Promise<void> {
  const children = Array.from({ length: processes }, () => fork(import.meta.filename, [at]))
  await Promise.all(children.map((child) => heard(child)))
  for (const child of children) child.send('start')
  const figures = await Promise.all(children.map((child) => heard(child)))
  const made = figures.reduce((sum, { made }) => sum + made, 0)
  const cpu = figures.reduce((sum, { cpu }) => sum + cpu, 0)
  const each = ((1_000 * cpu) / made).toFixed(0)
  const rate = ((1_000 * made) / ms.measured).toFixed(0)
  console.log(`${name}, processes: ${processes}. ${rate} predictions/s, ${each} µs of Node each`)
}

async function heard(child: ChildProcess): Promise<Figures> {
  const [message] = await once(child, 'message')
  return message
}

async function measureHere(at: string): Promise<void> {
  const store = await open(at)
  process.send?.({})
  await once(process, 'message')
  let made = 0
  let isOver = false
  const working = Array.from({ length: clients }, async () => {
    while (!isOver) {
      await acceptAndSettle(store, made)
      made++
    }
  })
  await passed(ms.warmUp)
  const before = { made, cpu: process.cpuUsage() }
  await passed(ms.measured)
  const { user, system } = process.cpuUsage(before.cpu)
  const figures: Figures = { made: made - before.made, cpu: (user + system) / 1_000 }
  isOver = true
  await Promise.all(working)
  await store.close()
  process.send?.(figures)
  process.disconnect()
}

async function open(at: string): Promise<Store> {
  if (!at.startsWith('postgres')) return openSqlite(at)
  return (await openPostgres({ url: at, replica: String(process.pid), onLost() {} })).store
}

async function acceptAndSettle(store: Store, number: number): Promise<void> {
  const model = { owner: 'bench', name: `model-${number % models}` }
  const prediction = predictionOf({ id: newId(randomBytes(16)), model, createdAt: Date.now() })
  const accepted = await store.accept(prediction, versionOf({ model }), null)
  await store.save(accepted, apply(accepted, { type: 'succeeded', at: Date.now() }))
}

function passed(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time))
}
