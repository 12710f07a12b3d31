/**
 * A replica without a server, on which predictions change so often in a second:
 * `node bench/support/changing-replica.ts DATABASE CHANGES`. It sends their ids, and each change writes its time.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { openPostgresChanges } from '../../src/changes/postgres.ts'
import { newId } from '../../src/domain/id.ts'
import { createJournal, type Journal } from '../../src/runner/journal/journal.ts'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { predictionOf, versionOf } from '../../test/support/domain.ts'
import { now } from './now.ts'
import { sleep } from './process.ts'

/** How often a prediction changes, in milliseconds: seldom enough that each change is saved at once. */
const everyMs = 200
const beatMs = 1_000

const [, , url = '', perSecond] = process.argv
const replica = String(process.pid)
const onError = (error: unknown) => process.stderr.write(`${error}\n`)
const { store, replicas } = await openPostgres({ url, replica, onLost: onError })
const changes = await openPostgresChanges({ url, replica, onError })
const journal = createJournal({ store, changes, replicas, now: Date.now, onError, onLost() {} })
const beat = () => replicas.beat({ name: replica, models: [], isDraining: false })
await beat()
setInterval(beat, beatMs)
const count = Math.round((Number(perSecond) * everyMs) / 1_000)
const ids = Array.from({ length: count }, () => newId(randomBytes(16)))
for (const id of ids) await start(id)
process.send?.(ids)
await Promise.all(ids.map((id) => write(journal, id)))

async function start(id: string): Promise<void> {
  await store.accept(predictionOf({ id, createdAt: Date.now() }), versionOf(), null)
  await replicas.take(id)
  await journal.hold(id)
  await journal.advance(id, { type: 'started', at: Date.now() })
}

async function write({ advance }: Journal, id: string): Promise<void> {
  await sleep(Math.random() * everyMs)
  let offset = 0
  for (;;) {
    const text = `at=${now().toFixed(1)}\n`
    await advance(id, { type: 'logged', offset, text, at: Date.now() })
    offset += text.length
    await sleep(everyMs)
  }
}
