import { query } from '../../test/support/postgres.ts'
import type { Figure, Row } from '../row.ts'
import { makeRuns, type RunsOptions } from '../support/api-runs.ts'
import { noop } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { createProgram } from '../support/program.ts'
import { withReplicas } from '../support/replicas.ts'
import { succeededIn, withSandpit } from '../support/sandpit.ts'

const warmUpMs = 3_000
const measuredMs = 8_000
const environment = { SANDPIT_RATE: 'off' }

export const replicaRuns: Row = {
  name: 'runs',
  title: 'Row 11 on SQLite, and on PostgreSQL with 1 and 3 replicas',
  measure: async (checkout) => [
    ...(await onSqlite(checkout)),
    ...(await onPostgres(checkout, 1)),
    ...(await onPostgres(checkout, 3)),
  ],
}

function onSqlite(checkout: string): Promise<Figure[]> {
  return withSandpit(
    checkout,
    noop,
    (server) => figures('SQLite', { servers: [server], succeeded: succeededIn(server) }),
    environment,
  )
}

function onPostgres(checkout: string, count: number): Promise<Figure[]> {
  return withReplicas({ checkout, sources: noop, count, environment }, ({ replicas }, database) =>
    figures(count === 1 ? '1 replica' : `${count} replicas`, {
      servers: replicas.map(({ port, pid }) => ({ port: port ?? 0, pid: pid ?? 0 })),
      async succeeded() {
        const [row] = await query(
          database,
          "select count(*)::int as n from predictions where status = 'succeeded'",
        )
        return Number(row?.n)
      },
    }),
  )
}

async function figures(where: string, options: Omit<RunsOptions, 'ms'>): Promise<Figure[]> {
  for (const { port } of options.servers)
    await createProgram(port).finish('bench/noop', { text: 'warm' })
  await makeRuns({ ...options, ms: warmUpMs })
  const { perSecond, times, cpuEach } = await makeRuns({ ...options, ms: measuredMs })
  return [
    { what: `${where}: made and done`, value: perSecond, unit: 'requests/s', budget: null },
    {
      what: `${where}: asked → output, p50`,
      value: quantile(times, 0.5),
      unit: 'ms',
      budget: null,
    },
    { what: `${where}: p95`, value: quantile(times, 0.95), unit: 'ms', budget: null },
    { what: `${where}: processor time each`, value: cpuEach, unit: 'µs', budget: null },
  ]
}
