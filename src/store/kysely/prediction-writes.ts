import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { IdempotencyKey } from '../store.ts'
import { isPostgres, takeSteps } from './database.ts'
import { keepFiles } from './files.ts'
import {
  changingColumns,
  fileColumns,
  type newRow,
  phaseColumns,
  settledColumns,
} from './prediction-rows.ts'
import { insertRun } from './runs.ts'
import { assignmentsOf, columnsOf, createStatement, type Place } from './statement.ts'
import type { Tables } from './tables.ts'
import { createWordKeeping, wordsOf } from './texts/texts.ts'
import { wordIndexOf } from './texts/word-index.ts'

/** Values that are no columns to be set. */
const otherNames = ['previous id', 'previous revision', 'replica', 'words']

/**
 * The writes of every run: its acceptance, and its changes. With a `replica`, those of predictions that
 * another replica runs are refused.
 */
export function createPredictionWrites(db: Kysely<Tables>, replica: string | null) {
  const keepWords = createWordKeeping(db)
  const { insert, count, update } = createStatements(db, replica)

  return {
    /** `row`: its row, which is made before the transaction. */
    async insertPrediction(
      trx: Transaction<Tables>,
      prediction: Prediction,
      row: ReturnType<typeof newRow>,
      idempotency: IdempotencyKey | null,
    ): Promise<void> {
      const { id, files, createdAt } = prediction
      await takeSteps(trx, [
        () => insert(trx, { ...row, form_key: idempotency?.key ?? null }),
        () => keepWords(trx, prediction),
        async () => count?.(trx, row),
        () => keepFiles(trx, files, id, createdAt),
      ])
    },

    /** False when `previous` is no longer what is kept. */
    async updatePrediction(
      trx: Transaction<Tables>,
      previous: Prediction,
      next: Prediction,
    ): Promise<boolean> {
      const words = isPostgres(db) ? wordsOf(db, next) : null
      const { numAffectedRows = 0n, rows } = await update(trx, {
        'previous id': previous.id,
        'previous revision': previous.revision,
        ...changingColumns(next),
        ...(next.files === previous.files ? {} : fileColumns(next)),
        ...(next.phases === previous.phases ? {} : phaseColumns(next)),
        ...settledColumns(next),
        ...(replica === null ? {} : ownerColumns(previous, next, replica)),
        ...(words === null ? {} : { words }),
      })
      const isSaved = numAffectedRows > 0n || rows.length > 0
      if (isSaved && !isPostgres(db)) await keepWords(trx, next)
      return isSaved
    },
  }
}

/** PostgreSQL takes several writes in one statement, SQLite does not. */
function createStatements(db: Kysely<Tables>, replica: string | null) {
  const insertRow = (names: readonly string[], value: Place, number: RawBuilder<unknown>) => sql`
    insert into predictions (${columnsOf(names)}, number)
    values (${sql.join(names.map(value))}, ${number})`

  const updateRow = (names: readonly string[], value: Place) => sql`
    update predictions
    set ${assignmentsOf(
      names.filter((name) => !otherNames.includes(name)),
      value,
    )}
    where id = ${value('previous id')} and revision = ${value('previous revision')}
      ${replica === null ? sql`` : sql`and (owner is null or owner = ${value('replica')})`}`

  if (!isPostgres(db)) {
    const number = sql`(select coalesce(max(number), 0) + 1 from predictions)`
    return {
      insert: createStatement(db, (names, value) => insertRow(names, value, number)),
      count: createStatement(db, (_, value) => insertRun(db, value)),
      update: createStatement(db, updateRow),
    }
  }
  const number = sql`nextval('prediction_numbers')`
  return {
    insert: createStatement(
      db,
      (names, value) => sql`
        with counted as (${insertRun(db, value)}) ${insertRow(names, value, number)}`,
    ),
    count: null,
    /** With `words`, it has a row for the one that was updated. */
    update: createStatement(db, (names, value) =>
      names.includes('words')
        ? sql`
          with saved as (${updateRow(names, value)} returning number),
            kept as (${wordIndexOf(db).insert(value, sql`saved`)})
          select number from saved`
        : updateRow(names, value),
    ),
  }
}

/** A prediction that is settled, or that is to run again, is run by nobody. */
function ownerColumns(previous: Prediction, next: Prediction, replica: string) {
  const isOver = isSettled(next) || next.attempt !== previous.attempt
  return { replica, ...(isOver ? { owner: null, ending: null } : {}) }
}
