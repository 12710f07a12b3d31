/**
 * The writer thread: accepts and saves predictions over a connection of its own. It is given the path
 * of the database, and ends when it is told to, after its writes.
 * @module
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { Kysely } from 'kysely'
import { createPredictionStore } from '../kysely/predictions.ts'
import type { Tables } from '../kysely/tables.ts'
import { createWriter, inTurn } from '../kysely/writer.ts'
import { createDialect } from '../sqlite-dialect.ts'
import { openWalSync } from '../wal-sync.ts'
import {
  errorOf,
  type FromThread,
  failureOf,
  gather,
  type Outcome,
  type ThreadValue,
  type ThreadWrite,
  type ToThread,
} from './messages.ts'

const path = String(workerData)
const database = new DatabaseSync(path, { timeout: 0 })
database.exec('pragma synchronous = normal; pragma foreign_keys = on')
const db = new Kysely<Tables>({
  dialect: createDialect(database, {
    note: (kind, error) => post({ type: 'noted', kind, error: errorOf(error) }),
  }),
})
const wal = openWalSync(path)
const { write, idle } = createWriter(inTurn(db), sync)
// The server has kept the versions of these predictions before.
const store = createPredictionStore(db, write, { async keepOnce() {}, wasKept() {} }, null)
const done = gather<Outcome>((outcomes) => post({ type: 'done', outcomes }))
let taken: number[] = []

parentPort?.on('message', (message: ToThread) => {
  if (message === 'end') void end()
  else for (const one of message) void answer(one)
})
post({ type: 'ready' })

function post(message: FromThread): void {
  parentPort?.postMessage(message)
}

async function answer(one: ThreadWrite): Promise<void> {
  const { number } = one
  try {
    done({ number, value: await carryOut(one) })
  } catch (error) {
    done({ number, failure: failureOf(error) })
  }
}

async function carryOut(one: ThreadWrite): Promise<ThreadValue> {
  if (one.type === 'save') return store.save(one.previous, one.next)
  const { number, prediction, idempotency, sealed } = one
  const options = { sealed, taken: () => void taken.push(number) }
  const accepted = await store.accept(prediction, null, idempotency, options)
  return accepted === prediction ? null : accepted
}

/** Tells what is committed before it is synced. */
async function sync(): Promise<void> {
  if (taken.length > 0) post({ type: 'taken', numbers: taken })
  taken = []
  try {
    await wal.sync()
  } catch (error) {
    post({ type: 'unsynced', error: errorOf(error) })
    throw error
  }
}

async function end(): Promise<void> {
  await idle()
  // The outcomes of the last writes are posted before.
  setImmediate(async () => {
    await db.destroy()
    wal.close()
    parentPort?.close()
  })
}
