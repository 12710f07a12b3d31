import { type Kysely, sql, type Transaction } from 'kysely'
import { formatJson } from '../domain/json/json.ts'
import { isSettled, type Prediction, statuses } from '../domain/prediction/prediction.ts'
import { createDeliveryStore, keepDeliveries } from './deliveries-kysely.ts'
import { createDeploymentStore } from './deployments-kysely.ts'
import { createFileStore, dropFiles, keepFiles } from './files-kysely.ts'
import { createLinkStore } from './links-kysely.ts'
import { createListed, selectListed } from './listed-kysely.ts'
import { createModelStore } from './models-kysely.ts'
import { findPage } from './page-kysely.ts'
import {
  changingColumns,
  fileColumns,
  grownLogs,
  grownOutput,
  isSettledRow,
  predictionColumns,
  predictionFromRow,
  predictionToRow,
} from './rows.ts'
import type { IdempotencyKey, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { createUploadStore } from './uploads-kysely.ts'
import { countAccepted, countRemoved, createVersionStore } from './versions-kysely.ts'
import { createWriter } from './writer.ts'

const unsettledStatuses = statuses.filter((status) => !isSettled({ status }))

/** The store over any database that Kysely speaks to and whose tables are in place. */
export function createStore(db: Kysely<Tables>): Store {
  const { write, idle } = createWriter(db)
  const listed = createListed(db, write)
  const { keepOnce, wasKept, ...versions } = createVersionStore(db, write)
  /** Unsettled predictions that were accepted here and have no secrets to be deleted. */
  const secretless = new Set<string>()

  return {
    async accept(prediction, version, idempotency, sealed = null) {
      const accepted = await write(async (trx) => {
        const earlier = idempotency && (await findEarlier(trx, prediction, idempotency))
        if (earlier) return earlier
        await keepOnce(trx, version)
        await trx
          .insertInto('predictions')
          .values({
            ...predictionToRow(prediction),
            form_key: idempotency?.key ?? null,
            owner: null,
            heartbeat_at: null,
          })
          .execute()
        await countAccepted(trx, prediction)
        await keepFiles(trx, prediction.files, prediction.id, prediction.createdAt)
        if (sealed !== null)
          await trx.insertInto('secrets').values({ prediction: prediction.id, sealed }).execute()
        return prediction
      })
      wasKept(version)
      if (sealed === null && accepted === prediction) secretless.add(prediction.id)
      return accepted
    },

    find: (id) => findPrediction(db, id),

    async findSecrets(prediction) {
      const row = await db
        .selectFrom('secrets')
        .select('sealed')
        .where('prediction', '=', prediction)
        .executeTakeFirst()
      return row?.sealed ?? null
    },

    save: (previous, next) =>
      write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('predictions')
          .set({
            ...changingColumns(next),
            ...(next.files === previous.files ? {} : fileColumns(next)),
            ...(isSettled(next) ? settledColumns(next) : {}),
          })
          .where('id', '=', previous.id)
          .where('revision', '=', previous.revision)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await saveChunks(trx, previous, next)
        if (isSettled(next) && !secretless.delete(next.id)) await dropSecrets(trx, next.id)
        await saveFiles(trx, previous, next)
        await keepDeliveries(trx, previous, next)
        return true
      }),

    remove: (id, at) =>
      write(async (trx) => {
        const removed = await trx
          .deleteFrom('predictions')
          .where('id', '=', id)
          .returning(['model_owner', 'model_name', 'version'])
          .executeTakeFirst()
        if (!removed) return false
        await countRemoved(trx, removed)
        await trx.deleteFrom('chunks').where('prediction', '=', id).execute()
        await trx.deleteFrom('shares').where('prediction', '=', id).execute()
        secretless.delete(id)
        await dropSecrets(trx, id)
        await trx.deleteFrom('examples').where('prediction', '=', id).execute()
        await trx.deleteFrom('deliveries').where('prediction', '=', id).execute()
        const held = trx.selectFrom('files').select('ref').where('prediction', '=', id)
        await dropFiles(
          trx,
          (await held.execute()).map(({ ref }) => ref),
          at,
        )
        return true
      }),

    page: (filter, limit, before) => findPage(db, listed, filter, limit, before),

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

    async childrenOf(prediction) {
      const rows = await selectListed(db.selectFrom('predictions'))
        .where('parent', '=', prediction)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return listed(rows)
    },

    ...createFileStore(db, write),
    ...createUploadStore(db, write),
    ...createLinkStore(db, write, listed),
    ...createModelStore(db, write),
    ...versions,
    ...createDeploymentStore(db, write),
    ...createDeliveryStore(db, write),

    async ping() {
      await sql`select 1`.execute(db)
    },

    async close() {
      await idle()
      await db.destroy()
    },
  }
}

function settledColumns(prediction: Prediction) {
  const { output, logs } = prediction
  return { output: output === null ? null : formatJson(output), logs }
}

async function findPrediction(db: Kysely<Tables>, id: string): Promise<Prediction | null> {
  const row = await db
    .selectFrom('predictions')
    .select(predictionColumns)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const chunks = isSettledRow(row)
    ? []
    : await db
        .selectFrom('chunks')
        .selectAll()
        .where('prediction', '=', id)
        .orderBy('position')
        .execute()
  return predictionFromRow(row, chunks)
}

async function findEarlier(
  trx: Transaction<Tables>,
  prediction: Prediction,
  { key, since }: IdempotencyKey,
): Promise<Prediction | null> {
  const row = await trx
    .selectFrom('predictions')
    .select('id')
    .where('form_key', '=', key)
    .where('created_at', '>=', since)
    .where('version', '=', prediction.version)
    .executeTakeFirst()
  return row ? findPrediction(trx, row.id) : null
}

async function dropSecrets(trx: Transaction<Tables>, prediction: string) {
  await trx.deleteFrom('secrets').where('prediction', '=', prediction).execute()
}

async function saveChunks(trx: Transaction<Tables>, previous: Prediction, next: Prediction) {
  const id = next.id
  if (isSettled(next)) {
    const isEmpty = previous.output === null && previous.logs === ''
    if (!isEmpty) await trx.deleteFrom('chunks').where('prediction', '=', id).execute()
    return
  }
  if (next.output !== previous.output) {
    const { from, part } = grownOutput(previous, next)
    await writeChunk(trx, id, 'output', from, part === null ? null : formatJson(part))
  }
  if (next.logs !== previous.logs) {
    const { from, text } = grownLogs(previous, next)
    await writeChunk(trx, id, 'logs', from, text === '' ? null : formatJson(text))
  }
}

async function writeChunk(
  trx: Transaction<Tables>,
  prediction: string,
  part: 'output' | 'logs',
  position: number,
  body: string | null,
) {
  if (position === 0)
    await trx
      .deleteFrom('chunks')
      .where('prediction', '=', prediction)
      .where('part', '=', part)
      .execute()
  if (body !== null)
    await trx.insertInto('chunks').values({ prediction, part, position, body }).execute()
}

async function saveFiles(trx: Transaction<Tables>, previous: Prediction, next: Prediction) {
  if (next.files === previous.files) return
  const before = new Set(previous.files.map(({ ref }) => ref))
  const after = new Set(next.files.map(({ ref }) => ref))
  const at = next.completedAt ?? next.startedAt ?? next.createdAt
  await keepFiles(
    trx,
    next.files.filter(({ ref }) => !before.has(ref)),
    next.id,
    at,
  )
  await dropFiles(
    trx,
    [...before].filter((ref) => !after.has(ref)),
    at,
  )
}
