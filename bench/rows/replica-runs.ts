import { query } from '../../test/support/postgres.ts'
import type { Figure, Row } from '../row.ts'
import { makeRuns, type Runs, type RunsOptions } from '../support/api-runs.ts'
import { noop } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { createProgram } from '../support/program.ts'
import { withReplicas } from '../support/replicas.ts'
import { succeededIn, withSandpit } from '../support/sandpit.ts'

const ms = { warmUp: 3_000, measured: 8_000, alone: 3_000 }
const environment = { SANDPIT_RATE: 'off' }

export const replicaRuns: Row = {
  name: 'runs',
  title: 'Row 11 on SQLite, and on PostgreSQL with 1 and 3 replicas; and with one client',
  async measure(checkout) {
    const sqlite = await onSqlite(checkout)
    const one = await onPostgres(checkout, 1)
    const three = await onPostgres(checkout, 3)
    return [
      ...figures('SQLite', sqlite, null),
      ...figures('1 replica', one, sqlite),
      ...figures('3 replicas', three, sqlite),
    ]
  },
}

interface Measured {
  readonly many: Runs
  /** One client, which finds nobody before it. */
  readonly alone: Runs
}

function onSqlite(checkout: string): Promise<Measured> {
  return withSandpit(
    checkout,
    noop,
    (server) => measured({ servers: [server], succeeded: succeededIn(server) }),
    environment,
  )
}

function onPostgres(checkout: string, count: number): Promise<Measured> {
  return withReplicas({ checkout, sources: noop, count, environment }, ({ replicas }, database) =>
    measured({
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

async function measured(options: Omit<RunsOptions, 'ms'>): Promise<Measured> {
  for (const { port } of options.servers)
    await createProgram(port).finish('bench/noop', { text: 'warm' })
  await makeRuns({ ...options, ms: ms.warmUp })
  const many = await makeRuns({ ...options, ms: ms.measured })
  return { many, alone: await makeRuns({ ...options, ms: ms.alone, clients: 1 }) }
}

function figures(where: string, { many, alone }: Measured, sqlite: Measured | null): Figure[] {
  const ratio = many.perSecond / (sqlite?.many.perSecond ?? many.perSecond)
  const milliseconds = (what: string, { times }: Runs, share: number): Figure => ({
    what: `${where}: ${what}`,
    value: quantile(times, share),
    unit: 'ms',
    budget: null,
  })
  return [
    { what: `${where}: made and done`, value: many.perSecond, unit: 'requests/s', budget: null },
    ...(sqlite
      ? [{ what: `${where}, of SQLite`, value: ratio, unit: '×', budget: null } as const]
      : []),
    milliseconds('asked → output, p50', many, 0.5),
    milliseconds('asked → output, p95', many, 0.95),
    milliseconds('one client, p50', alone, 0.5),
    milliseconds('one client, p95', alone, 0.95),
    { what: `${where}: processor time each`, value: many.cpuEach, unit: 'µs', budget: null },
  ]
}
