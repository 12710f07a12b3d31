import { atMost, type Figure, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { clickInTurns } from '../support/clicks.ts'
import { noop } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { withReplicas } from '../support/replicas.ts'
import { withSandpit } from '../support/sandpit.ts'

const clicks = 60

export const replicaClick: Row = {
  name: 'click',
  title: `Row 5 on a replica and on SQLite in turns, ${clicks} clicks each`,
  measure: (checkout) =>
    withSandpit(checkout, noop, (alone) =>
      withReplicas({ checkout, sources: noop, count: 1 }, ({ replicas: [replica] }) =>
        measure(`${alone.url}/bench/noop`, `${replica?.url}/bench/noop`),
      ),
    ),
}

function measure(alone: string, replica: string): Promise<Figure[]> {
  return withPage((first) =>
    withPage(async (second) => {
      await first.goto(alone)
      await second.goto(replica)
      const [onSqlite = [], onPostgres = []] = await clickInTurns([first, second], clicks)
      const [before, after] = [quantile(onSqlite, 0.5), quantile(onPostgres, 0.5)]
      return [
        { what: 'SQLite, p50', value: before, unit: 'ms', budget: null },
        { what: 'SQLite, p95', value: quantile(onSqlite, 0.95), unit: 'ms', budget: null },
        { what: 'PostgreSQL, p50', value: after, unit: 'ms', budget: null },
        { what: 'PostgreSQL, p95', value: quantile(onPostgres, 0.95), unit: 'ms', budget: null },
        { what: 'more than on SQLite, p50', value: after - before, unit: 'ms', budget: atMost(5) },
      ]
    }),
  )
}
