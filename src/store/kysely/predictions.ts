import type { Kysely, Transaction } from 'kysely'
import { LRUCache } from 'lru-cache'
import { isSettled, type Prediction, statuses } from '../../domain/prediction/prediction.ts'
import type { IdempotencyKey, Store } from '../store.ts'
import { chunksColumn, dropChunks, findChunks, saveChunks } from './chunks.ts'
import { isPostgres, lockKey, lockPrediction, takeSteps } from './database.ts'
import { keepDeliveries } from './deliveries.ts'
import { contentKey, dropFilesOf, saveFiles } from './files.ts'
import { groupLost, lockGroupOf } from './groups/again.ts'
import { dropJudgements } from './judgements/scores.ts'
import { endSharesOf } from './people/shares.ts'
import { newRow, predictionColumns, readJson, readPrediction } from './prediction-rows.ts'
import { createPredictionWrites } from './prediction-writes.ts'
import { readRevisions } from './revisions.ts'
import { countRemoved } from './runs.ts'
import type { Tables } from './tables.ts'
import { dropWords } from './texts/texts.ts'
import type { VersionKeeping } from './versions.ts'
import type { Write } from './writer.ts'

type PredictionStore = Pick<
  Store,
  | 'accept'
  | 'findAccepted'
  | 'find'
  | 'revisionsOf'
  | 'findSecrets'
  | 'save'
  | 'remove'
  | 'unsettled'
>

const unsettledStatuses = statuses.filter((status) => !isSettled({ status }))

/** Predictions, and everything that is kept with each. */
export function createPredictionStore(
  db: Kysely<Tables>,
  write: Write,
  versions: VersionKeeping,
  replica: string | null,
): PredictionStore {
  const secrets = createSecretStore(db)
  const { insertPrediction, updatePrediction } = createPredictionWrites(db, replica)

  return {
    accept(prediction, version, idempotency, { sealed = null, taken } = {}) {
      const row = newRow(prediction)
      async function insert(trx: Transaction<Tables>): Promise<Prediction> {
        if (idempotency) await lockKey(trx, idempotency.key)
        const earlier = idempotency && (await findEarlier(trx, prediction, idempotency))
        if (earlier) return earlier
        await takeSteps(trx, [
          async () => version && versions.keepOnce(trx, version),
          () => insertPrediction(trx, prediction, row, idempotency),
          () => secrets.keepSecrets(trx, prediction.id, sealed),
        ])
        return prediction
      }
      function committed(accepted: Prediction): void {
        if (version !== null) versions.wasKept(version)
        if (accepted !== prediction) return
        if (sealed === null) secrets.hasNone(prediction.id)
        taken?.()
      }
      const pressed = idempotency ? [`press ${idempotency.key}`] : []
      return write(insert, { committed, keys: [...pressed, ...keysOf(prediction)] })
    },

    findAccepted: (version, idempotency) => findEarlier(db, { version }, idempotency),

    find: (id) => findPrediction(db, id),

    revisionsOf: (ids) => readRevisions(db, ids),

    findSecrets: secrets.findSecrets,

    save: (previous, next) =>
      write(
        async (trx) => {
          if (!(await updatePrediction(trx, previous, next))) return false
          await takeSteps(trx, [
            () => saveChunks(trx, previous, next),
            async () => isSettled(next) && secrets.dropSecrets(trx, next.id),
            async () => next.files !== previous.files && saveFiles(trx, previous, next),
            async () => next.webhook && keepDeliveries(trx, next.webhook, previous, next),
          ])
          return true
        },
        { keys: next.files === previous.files ? [next.id] : keysOf(previous, next) },
      ),

    remove: (id, at) =>
      write(async (trx) => {
        if (!(await deletePrediction(trx, id, at))) return false
        await secrets.dropSecrets(trx, id)
        await dropFilesOf(trx, id, at)
        await endSharesOf(trx, [id], at, 'deleted')
        return true
      }),

    async unsettled() {
      const rows = await db
        .selectFrom('predictions')
        .select('id')
        .where('status', 'in', unsettledStatuses)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      const found = await Promise.all(rows.map(({ id }) => findPrediction(db, id)))
      return found.filter((prediction) => prediction !== null)
    },
  }
}

/** A prediction and the contents of its files, as the keys of a write. */
function keysOf(...states: readonly [Prediction, ...Prediction[]]): string[] {
  const [{ id }] = states
  return [id, ...states.flatMap(({ files }) => files.map(contentKey))]
}

async function findPrediction(db: Kysely<Tables>, id: string): Promise<Prediction | null> {
  const found = db.selectFrom('predictions').select(predictionColumns).where('id', '=', id)
  if (isPostgres(db)) {
    // One statement reads one state of the database, however many write to it.
    const row = await found.select(chunksColumn.as('chunks')).executeTakeFirst()
    return row ? readPrediction(row, row.chunks === null ? [] : readJson(row.chunks)) : null
  }
  const row = await found.executeTakeFirst()
  return row ? readPrediction(row, isSettled(row) ? [] : await findChunks(db, id)) : null
}

/** The prediction that an earlier press on the same button made. */
async function findEarlier(
  trx: Kysely<Tables>,
  { version }: Pick<Prediction, 'version'>,
  { key, since }: IdempotencyKey,
): Promise<Prediction | null> {
  const row = await trx
    .selectFrom('predictions')
    .select('id')
    .where('form_key', '=', key)
    .where('created_at', '>=', since)
    .where('version', '=', version)
    .executeTakeFirst()
  return row ? findPrediction(trx, row.id) : null
}

/** False when there was none. */
async function deletePrediction(
  trx: Transaction<Tables>,
  id: string,
  at: number,
): Promise<boolean> {
  await lockGroupOf(trx, id)
  await lockPrediction(trx, id)
  await dropWords(trx, id)
  const removed = await trx
    .deleteFrom('predictions')
    .where('id', '=', id)
    .returning(['model_owner', 'model_name', 'version', 'run_group'])
    .executeTakeFirst()
  if (!removed) return false
  await countRemoved(trx, removed)
  if (removed.run_group !== null) await groupLost(trx, removed.run_group, at)
  await dropChunks(trx, id)
  for (const table of ['examples', 'deliveries', 'favourites'] as const)
    await trx.deleteFrom(table).where('prediction', '=', id).execute()
  const { model_owner: owner, model_name: name } = removed
  await dropJudgements(trx, { id, model: { owner, name } })
  return true
}

/** One that is forgotten costs a statement. */
const mostSecretless = 10_000

/** The sealed secrets of unsettled predictions. */
export function createSecretStore(db: Kysely<Tables>) {
  // Predictions that were accepted here without secrets: there is nothing to delete when they settle.
  const secretless = new LRUCache<string, true>({ max: mostSecretless })

  return {
    async findSecrets(prediction: string): Promise<string | null> {
      const row = await db
        .selectFrom('secrets')
        .select('sealed')
        .where('prediction', '=', prediction)
        .executeTakeFirst()
      return row?.sealed ?? null
    },

    async keepSecrets(trx: Transaction<Tables>, prediction: string, sealed: string | null) {
      if (sealed !== null) await trx.insertInto('secrets').values({ prediction, sealed }).execute()
    },

    /** To be called after the transaction that accepted a prediction without secrets. */
    hasNone(prediction: string): void {
      secretless.set(prediction, true)
    },

    async dropSecrets(trx: Transaction<Tables>, prediction: string): Promise<void> {
      if (secretless.delete(prediction)) return
      await trx.deleteFrom('secrets').where('prediction', '=', prediction).execute()
    },
  }
}
