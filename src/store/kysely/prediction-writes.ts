import { type Kysely, sql, type Transaction } from 'kysely'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { IdempotencyKey } from '../store.ts'
import { isPostgres, takeSteps } from './database.ts'
import { keepFiles } from './files.ts'
import { changingColumns, fileColumns, type newRow, settledColumns } from './prediction-rows.ts'
import { createRunCount } from './runs.ts'
import { assignmentsOf, columnsOf, createStatement } from './statement.ts'
import type { Tables } from './tables.ts'
import { createWordKeeping } from './texts/texts.ts'

/** Values that are compared, not written. */
const comparedNames = ['previous id', 'previous revision', 'replica']

/**
 * The writes of every run: its acceptance, and its changes. With a `replica`, those of predictions that
 * another replica runs are refused.
 */
export function createPredictionWrites(db: Kysely<Tables>, replica: string | null) {
  const countAccepted = createRunCount(db)
  const keepWords = createWordKeeping(db)

  const nextNumber = isPostgres(db)
    ? sql`nextval('prediction_numbers')`
    : sql`(select coalesce(max(number), 0) + 1 from predictions)`

  const insert = createStatement(
    db,
    (names, value) => sql`
      insert into predictions (${columnsOf(names)}, number)
      values (${sql.join(names.map(value))}, ${nextNumber})`,
  )

  const update = createStatement(
    db,
    (names, value) => sql`
      update predictions
      set ${assignmentsOf(
        names.filter((name) => !comparedNames.includes(name)),
        value,
      )}
      where id = ${value('previous id')} and revision = ${value('previous revision')}
        ${replica === null ? sql`` : sql`and (owner is null or owner = ${value('replica')})`}`,
  )

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
        () => countAccepted(trx, prediction),
        () => keepFiles(trx, files, id, createdAt),
      ])
    },

    /** False when `previous` is no longer what is kept. */
    async updatePrediction(
      trx: Transaction<Tables>,
      previous: Prediction,
      next: Prediction,
    ): Promise<boolean> {
      const { numAffectedRows = 0n } = await update(trx, {
        'previous id': previous.id,
        'previous revision': previous.revision,
        ...changingColumns(next),
        ...(next.files === previous.files ? {} : fileColumns(next)),
        ...settledColumns(next),
        ...(replica === null ? {} : ownerColumns(previous, next, replica)),
      })
      return numAffectedRows > 0n
    },

    keepWords,
  }
}

/** A prediction that is settled, or that is to run again, is run by nobody. */
function ownerColumns(previous: Prediction, next: Prediction, replica: string) {
  const isOver = isSettled(next) || next.attempt !== previous.attempt
  return { replica, ...(isOver ? { owner: null, ending: null } : {}) }
}
