import { type Kysely, sql } from 'kysely'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { byTime, type CountedEnd, type TimedCounts } from '../../../domain/statistics/run-counts.ts'
import type { CountedRuns, StatisticsStore } from '../../statistics.ts'
import type { RunCountRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

/** Rows of one statement: databases take some thousand values. */
const mostRows = 200

/** The counts of runs. Each count is a row: replicas add to it without reading it. */
export function createStatisticsStore(db: Kysely<Tables>, write: Write): StatisticsStore {
  return {
    countRuns: (runs, keptSince) =>
      write(async (trx) => {
        const rows = rowsOf(runs)
        for (let at = 0; at < rows.length; at += mostRows)
          await trx
            .insertInto('run_counts')
            .values(rows.slice(at, at + mostRows))
            .onConflict((conflict) =>
              conflict
                .columns(['model', 'hour', 'measure', 'size'])
                .doUpdateSet({ count: sql`run_counts.count + excluded.count` }),
            )
            .execute()
        await trx.deleteFrom('run_counts').where('hour', '<', keptSince).execute()
      }),

    async endedRuns(model: ModelRef, since: number, stepMs: number) {
      const step = sql<number>`hour - hour % ${sql.lit(stepMs)}`
      const rows = await db
        .selectFrom('run_counts')
        .select(['measure', 'size', step.as('at'), (of) => of.fn.sum<number>('count').as('sum')])
        .where('model', '=', modelName(model))
        .where('hour', '>=', since - (since % stepMs))
        .groupBy(['at', 'measure', 'size'])
        .execute()
      return byTime(
        rows.map(({ at, measure, size, sum }) => counted(Number(at), measure, size, Number(sum))),
      )
    },
  }
}

type Measure = CountedEnd | 'waited' | 'ran'

/** One row for each count, in one order everywhere, so that two writers do not wait for each other. */
function rowsOf(runs: readonly CountedRuns[]): RunCountRow[] {
  const counts = new Map<string, RunCountRow>()
  for (const { model, hour, end, waited, ran, count } of runs) {
    const add = (measure: Measure, size: number) => {
      const key = `${modelName(model)} ${hour} ${measure} ${size}`
      const known = counts.get(key)?.count ?? 0
      counts.set(key, { model: modelName(model), hour, measure, size, count: known + count })
    }
    add(end, 0)
    if (waited !== null) add('waited', waited)
    if (ran !== null) add('ran', ran)
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** The counts of one row. */
function counted(at: number, measure: Measure, size: number, count: number): TimedCounts {
  const sized = (own: Measure) => new Map(measure === own ? [[size, count]] : [])
  const ended = (own: Measure) => (measure === own ? count : 0)
  return {
    at,
    ends: { succeeded: ended('succeeded'), failed: ended('failed'), canceled: ended('canceled') },
    waited: sized('waited'),
    ran: sized('ran'),
  }
}
