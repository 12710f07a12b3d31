import { query } from '../../test/support/postgres.ts'
import type { Replica } from '../../test/support/replicas.ts'
import { atMost, type Row } from '../row.ts'
import { clock } from '../support/models.ts'
import { median } from '../support/numbers.ts'
import { until } from '../support/process.ts'
import { withReplicas } from '../support/replicas.ts'
import { createVisitor } from '../support/visitor.ts'

const kills = 5
const everyMs = 50
const timeLimitMs = 60_000

export const takeOver: Row = {
  name: 'take-over',
  title: `From kill -9 of a replica until its run goes on at another, ${kills} kills`,
  measure: (checkout) =>
    withReplicas({ checkout, sources: clock, count: 2 }, async ({ replicas }, database) => {
      const times: number[] = []
      for (let kill = 0; kill < kills; kill++) {
        const killed = replicas[kill % replicas.length]
        if (killed) times.push(await killOnce(killed, database))
        await killed?.start()
      }
      return [
        { what: 'median', value: median(times) / 1_000, unit: 's', budget: null },
        { what: 'longest', value: Math.max(...times) / 1_000, unit: 's', budget: atMost(12) },
      ]
    }),
}

/** How long the run waited for another replica, in milliseconds. */
async function killOnce(killed: Replica, database: string): Promise<number> {
  const visitor = await createVisitor(killed.port ?? 0, 'bench/clock')
  const path = await visitor.start({ times: '1000', everyMs: '100', spreadMs: '0' })
  const id = path.slice(path.lastIndexOf('/') + 1)
  await until(async () => (await attemptOf(database, id)) === 1, timeLimitMs)
  await killed.end('SIGKILL')
  const started = performance.now()
  await until(async () => (await attemptOf(database, id)) === 2, timeLimitMs, everyMs)
  return performance.now() - started
}

/** Which attempt of a prediction its model has begun; null while it waits. */
async function attemptOf(database: string, id: string): Promise<number | null> {
  const [row] = await query(
    database,
    `select attempt from predictions where id = '${id}' and status = 'processing' and owner is not null`,
  )
  return row === undefined ? null : Number(row.attempt)
}
