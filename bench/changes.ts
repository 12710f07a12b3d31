/**
 * How long a change at one replica takes to the answer of a request that is held at another, at 100 and 1,000 changes
 * a second: `npx tsx bench/changes.ts`. It starts a PostgreSQL server, or uses an empty database at `DATABASE_URL`.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { openPostgresChanges } from '../src/changes/postgres.ts'
import { createJournal } from '../src/runner/journal/journal.ts'
import { openPostgres } from '../src/store/postgres/postgres.ts'
import { startCluster } from '../test/support/cluster.ts'
import { idOf, predictionOf, versionOf } from '../test/support/domain.ts'
import { createTestApp } from '../test/support/test-app.ts'

/** How many changes a second, and how many of the predictions are watched. */
const rows = [
  { each: 100, watched: 2 },
  { each: 1_000, watched: 2 },
  { each: 100, watched: 20 },
  { each: 1_000, watched: 20 },
]
/** How often a prediction changes, in milliseconds: seldom enough that each change is saved at once. */
const everyMs = 200
const ms = { warmUp: 2_000, measured: 6_000 }

const now = () => performance.timeOrigin + performance.now()

const [, , url, rate, index] = process.argv
if (url === undefined) await measureAll()
else await changeHere(url, Number(rate), Number(index))

async function measureAll(): Promise<void> {
  const { DATABASE_URL } = process.env
  const cluster = DATABASE_URL === undefined ? await startCluster({ isDurable: true }) : null
  const at = DATABASE_URL ?? `${cluster?.url}/postgres`
  const sandpit = await createTestApp({ environment: { DATABASE_URL: at } })
  for (const [index, row] of rows.entries()) {
    const child = fork(import.meta.filename, [at, String(row.each), String(index)])
    await measure(sandpit.app, child, row)
    child.kill()
    await once(child, 'exit')
  }
  await sandpit.close()
  await cluster?.stop()
}

async function measure(
  app: Awaited<ReturnType<typeof createTestApp>>['app'],
  child: ChildProcess,
  { each, watched }: (typeof rows)[number],
): Promise<void> {
  const [{ ids }] = await once(child, 'message')
  const times: number[] = []
  const begin = now() + ms.warmUp
  const cpuBefore = process.cpuUsage()
  const end = begin + ms.measured
  async function watch(id: string): Promise<void> {
    let next = `/p/${id}/panel`
    while (now() < end) {
      const html = await (await app.request(next, { headers: { Host: 'localhost' } })).text()
      const at = Number(/.*at=([\d.]+)/s.exec(html)?.[1])
      if (at > begin) times.push(now() - at)
      next = /hx-get="([^"]+seen=[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? next
    }
  }
  await Promise.all(ids.slice(0, watched).map(watch))
  times.sort((one, other) => one - other)
  const at = (part: number) => times[Math.floor(times.length * part)]?.toFixed(1)
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpu = ((user + system) / 1_000 / times.length).toFixed(1)
  console.log(
    `${each} changes/s, ${watched} watched: ${times.length} answers, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, ${cpu} ms of Node each`,
  )
}

/** A replica on which predictions run. */
async function changeHere(at: string, perSecond: number, index: number): Promise<void> {
  const replica = `bench ${index}`
  const onError = (error: unknown) => console.error(error)
  const { store, replicas } = await openPostgres({ url: at, replica, onLost: onError })
  const changes = await openPostgresChanges({ url: at, replica, onError })
  const journal = createJournal({ store, changes, replicas, now: Date.now, onError, onLost() {} })
  const beat = () => replicas.beat({ name: replica, models: [], isDraining: false })
  await beat()
  setInterval(beat, 1_000)
  const count = Math.round((perSecond * everyMs) / 1_000)
  const ids = Array.from({ length: count }, (_, one) => idOf(index * 10_000 + one))
  for (const id of ids) {
    await store.accept(predictionOf({ id, createdAt: Date.now() }), versionOf(), null)
    await replicas.take(id)
    await journal.hold(id)
    await journal.advance(id, { type: 'started', at: Date.now() })
  }
  process.send?.({ ids })
  await Promise.all(ids.map((id) => log(journal, id)))
}

async function log(journal: ReturnType<typeof createJournal>, id: string): Promise<void> {
  await delay(Math.random() * everyMs)
  let offset = 0
  for (;;) {
    const text = `at=${now().toFixed(1)}\n`
    await journal.advance(id, { type: 'logged', offset, text, at: Date.now() })
    offset += text.length
    await delay(everyMs)
  }
}
