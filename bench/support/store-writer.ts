/**
 * A process in which 64 clients accept and settle predictions in the store, each of them durable, from the message
 * `start` on: `node bench/support/store-writer.ts CHECKOUT DATABASE`, a file of SQLite or the URL of PostgreSQL.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { newId } from '../../src/domain/id.ts'
import { apply } from '../../src/domain/prediction/apply.ts'
import type { Store } from '../../src/store/store.ts'
import { predictionOf, versionOf } from '../../test/support/domain.ts'
import { sleep } from './process.ts'

const clients = 64
const models = 20
const ms = { warmUp: 2_000, measured: 6_000 }

export interface Written {
  readonly perSecond: number
  readonly count: number
  /** Processor time of the process, in milliseconds. */
  readonly cpuMs: number
}

const [, , checkout = '', database = ''] = process.argv
const store = await open()
process.send?.('open')
await once(process, 'message')
let count = 0
let isOver = false
const working = Array.from({ length: clients }, write)
await sleep(ms.warmUp)
const before = { count, cpu: process.cpuUsage(), at: performance.now() }
await sleep(ms.measured)
process.send?.(written())
isOver = true
await Promise.all(working)
await store.close()
process.disconnect()

async function open(): Promise<Store> {
  const source = (path: string) => join(checkout, 'src/store', path)
  if (!database.startsWith('postgres')) {
    const { openSqlite }: typeof import('../../src/store/sqlite.ts') = await import(
      source('sqlite.ts')
    )
    return openSqlite(database)
  }
  const { openPostgres }: typeof import('../../src/store/postgres/postgres.ts') = await import(
    source('postgres/postgres.ts')
  )
  const replica = String(process.pid)
  return (await openPostgres({ url: database, replica, onLost() {} })).store
}

async function write(): Promise<void> {
  while (!isOver) {
    const model = { owner: 'bench', name: `model-${count % models}` }
    const prediction = predictionOf({ id: newId(randomBytes(16)), model, createdAt: Date.now() })
    const accepted = await store.accept(prediction, versionOf({ model }), null)
    await store.save(accepted, apply(accepted, { type: 'succeeded', at: Date.now() }))
    count++
  }
}

function written(): Written {
  const { user, system } = process.cpuUsage(before.cpu)
  const made = count - before.count
  const seconds = (performance.now() - before.at) / 1_000
  return { count: made, perSecond: made / seconds, cpuMs: (user + system) / 1_000 }
}
