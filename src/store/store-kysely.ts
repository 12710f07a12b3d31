import { type Kysely, sql, type Transaction } from 'kysely'
import type { StoredFile } from '../domain/file.ts'
import { formatJson, type JsonObject, parseJson } from '../domain/json.ts'
import { modelName, type Version } from '../domain/model.ts'
import { isSettled, type Prediction, statuses } from '../domain/prediction.ts'
import {
  changingColumns,
  grownLogs,
  grownOutput,
  predictionColumns,
  predictionFromRow,
  predictionToRow,
  shareFromRow,
  summaryColumns,
  summaryFromRow,
} from './rows.ts'
import type { PredictionFilter, Store, Submitted } from './store.ts'
import type { Tables } from './tables.ts'
import { createWriter } from './writer.ts'

const mostVersions = 500
const mostExamples = 50
const unsettledStatuses = statuses.filter((status) => !isSettled({ status }))

/** The store over any database that Kysely speaks to and whose tables are in place. */
export function createStore(db: Kysely<Tables>): Store {
  const { write, idle } = createWriter(db)
  // A version never changes: once read, it is known.
  const versions = new Map<string, Version>()

  return {
    accept: (prediction, version, submitted, sealed = null) =>
      write(async (trx) => {
        const earlier = submitted && (await findSubmitted(trx, prediction, submitted))
        if (earlier) return earlier
        await keepVersion(trx, version)
        await trx
          .insertInto('predictions')
          .values({
            ...predictionToRow(prediction),
            form_key: submitted?.key ?? null,
            owner: null,
            heartbeat_at: null,
          })
          .execute()
        await keepFiles(trx, prediction.files, prediction.id, prediction.createdAt)
        if (sealed !== null)
          await trx.insertInto('secrets').values({ prediction: prediction.id, sealed }).execute()
        return prediction
      }),

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
          .set(
            isSettled(next)
              ? { ...changingColumns(next), ...settledColumns(next) }
              : changingColumns(next),
          )
          .where('id', '=', previous.id)
          .where('revision', '=', previous.revision)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await saveChunks(trx, previous, next)
        await saveFiles(trx, previous, next)
        return true
      }),

    remove: (id, at) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('predictions')
          .where('id', '=', id)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await trx.deleteFrom('chunks').where('prediction', '=', id).execute()
        await trx.deleteFrom('shares').where('prediction', '=', id).execute()
        await trx.deleteFrom('secrets').where('prediction', '=', id).execute()
        await trx.deleteFrom('examples').where('prediction', '=', id).execute()
        const held = trx.selectFrom('files').select('ref').where('prediction', '=', id)
        await dropFiles(
          trx,
          (await held.execute()).map(({ ref }) => ref),
          at,
        )
        return true
      }),

    page: (filter, limit, before) => findPage(db, filter, limit, before),

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

    async findVersion(model, id) {
      const key = `${modelName(model)}:${id}`
      const known = versions.get(key)
      if (known) return known
      const row = await db
        .selectFrom('versions')
        .selectAll()
        .where('model_owner', '=', model.owner)
        .where('model_name', '=', model.name)
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) return null
      const { provider, created_at } = row
      const schemas = parseJson(row.schemas) as JsonObject
      const version = { id, model, provider, schemas, createdAt: Number(created_at) }
      if (versions.size >= mostVersions) versions.clear()
      versions.set(key, version)
      return version
    },

    addFile: (file, at) => write((trx) => keepFiles(trx, [file], null, at)),

    async findFile(ref) {
      const row = await db.selectFrom('files').selectAll().where('ref', '=', ref).executeTakeFirst()
      if (!row) return null
      const { sha256, name, type, size, prediction } = row
      return { file: { ref, sha256, name, type, size: Number(size) }, prediction }
    },

    share: ({ token, prediction, createdAt }) =>
      write(async (trx) => {
        await trx
          .insertInto('shares')
          .values({ token, prediction, created_at: createdAt, revoked_at: null })
          .execute()
      }),

    async findShare(token) {
      const row = await db
        .selectFrom('shares')
        .selectAll()
        .where('token', '=', token)
        .executeTakeFirst()
      return row ? shareFromRow(row) : null
    },

    async sharesOf(prediction) {
      const rows = await db
        .selectFrom('shares')
        .selectAll()
        .where('prediction', '=', prediction)
        .where('revoked_at', 'is', null)
        .orderBy('created_at')
        .execute()
      return rows.map(shareFromRow)
    },

    revokeShare: (token, at) =>
      write(async (trx) => {
        await trx
          .updateTable('shares')
          .set({ revoked_at: at })
          .where('token', '=', token)
          .where('revoked_at', 'is', null)
          .execute()
      }),

    setExample: ({ id, model }, isExample, at) =>
      write(async (trx) => {
        if (!isExample) await trx.deleteFrom('examples').where('prediction', '=', id).execute()
        else
          await trx
            .insertInto('examples')
            .values({
              prediction: id,
              model_owner: model.owner,
              model_name: model.name,
              created_at: at,
            })
            .onConflict((conflict) => conflict.column('prediction').doNothing())
            .execute()
      }),

    async examplesOf(model) {
      const rows = await db
        .selectFrom('examples')
        .innerJoin('predictions', 'predictions.id', 'examples.prediction')
        .select(summaryColumns.map((column) => `predictions.${column}` as const))
        .where('examples.model_owner', '=', model.owner)
        .where('examples.model_name', '=', model.name)
        .orderBy('examples.created_at')
        .limit(mostExamples)
        .execute()
      return rows.map(summaryFromRow)
    },

    async knownContents(sha256) {
      if (sha256.length === 0) return new Set()
      const rows = await db
        .selectFrom('contents')
        .select('sha256')
        .where('sha256', 'in', sha256)
        .execute()
      return new Set(rows.map((row) => row.sha256))
    },

    forget: (before, limit) => write((trx) => forgetUnreferenced(trx, before, limit)),

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
  const { output, logs } = predictionToRow(prediction)
  return { output, logs }
}

async function findPrediction(db: Kysely<Tables>, id: string): Promise<Prediction | null> {
  const row = await db
    .selectFrom('predictions')
    .select(predictionColumns)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const chunks = isSettled(summaryFromRow(row))
    ? []
    : await db
        .selectFrom('chunks')
        .selectAll()
        .where('prediction', '=', id)
        .orderBy('position')
        .execute()
  return predictionFromRow(row, chunks)
}

async function findSubmitted(
  trx: Transaction<Tables>,
  prediction: Prediction,
  { key, since }: Submitted,
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

async function findPage(
  db: Kysely<Tables>,
  filter: PredictionFilter,
  limit: number,
  before: string | null,
) {
  let query = db.selectFrom('predictions').select(summaryColumns)
  if (filter.model)
    query = query
      .where('model_owner', '=', filter.model.owner)
      .where('model_name', '=', filter.model.name)
  if (filter.statuses) query = query.where('status', 'in', filter.statuses)
  if (filter.createdBy) query = query.where('created_by', '=', filter.createdBy)
  const cursor = before === null ? null : parseCursor(before)
  if (cursor)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'id'), '<', tuple(cursor.createdAt, cursor.id)),
    )
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const last = rows[limit - 1]
  const next = rows.length > limit && last ? `${last.created_at}-${last.id}` : null
  return { predictions: rows.slice(0, limit).map(summaryFromRow), next }
}

function parseCursor(text: string) {
  const [createdAt, id] = text.split('-')
  return createdAt && id && /^\d+$/.test(createdAt) ? { createdAt: Number(createdAt), id } : null
}

async function saveChunks(trx: Transaction<Tables>, previous: Prediction, next: Prediction) {
  const id = next.id
  if (isSettled(next)) {
    await trx.deleteFrom('chunks').where('prediction', '=', id).execute()
    await trx.deleteFrom('secrets').where('prediction', '=', id).execute()
    return
  }
  if (next.output !== previous.output) {
    const { from, part } = grownOutput(previous, next)
    await writeChunk(trx, id, 'output', from, part === null ? null : formatJson(part))
  }
  if (next.logs !== previous.logs) {
    const { from, text } = grownLogs(previous, next)
    await writeChunk(trx, id, 'logs', from, formatJson(text))
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

async function keepVersion(trx: Transaction<Tables>, version: Version) {
  await trx
    .insertInto('versions')
    .values({
      model_owner: version.model.owner,
      model_name: version.model.name,
      id: version.id,
      provider: version.provider,
      schemas: formatJson(version.schemas),
      created_at: version.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['model_owner', 'model_name', 'id']).doNothing())
    .execute()
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

async function keepFiles(
  trx: Transaction<Tables>,
  files: readonly StoredFile[],
  prediction: string | null,
  at: number,
) {
  for (const { ref, sha256, name, type, size } of files) {
    await trx
      .insertInto('contents')
      .values({ sha256, size, unreferenced_at: null })
      .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ unreferenced_at: null }))
      .execute()
    await trx
      .insertInto('files')
      .values({ ref, sha256, name, type, size, prediction, created_at: at })
      .onConflict((conflict) =>
        conflict.column('ref').doUpdateSet({ prediction }).where('files.prediction', 'is', null),
      )
      .execute()
  }
}

async function dropFiles(trx: Transaction<Tables>, refs: readonly string[], at: number) {
  if (refs.length === 0) return
  const dropped = await trx
    .deleteFrom('files')
    .where('ref', 'in', refs)
    .returning('sha256')
    .execute()
  await trx
    .updateTable('contents')
    .set({ unreferenced_at: at })
    .where(
      'sha256',
      'in',
      dropped.map(({ sha256 }) => sha256),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('files').select('ref').whereRef('files.sha256', '=', 'contents.sha256')),
      ),
    )
    .execute()
}

async function forgetUnreferenced(trx: Transaction<Tables>, before: number, limit: number) {
  const abandoned = await trx
    .selectFrom('files')
    .select('ref')
    .where('prediction', 'is', null)
    .where('created_at', '<', before)
    .limit(limit)
    .execute()
  // An abandoned upload has waited long enough already: its content may go at once.
  await dropFiles(
    trx,
    abandoned.map(({ ref }) => ref),
    before - 1,
  )
  const forgotten = await trx
    .deleteFrom('contents')
    .where('sha256', 'in', (query) =>
      query
        .selectFrom('contents')
        .select('sha256')
        .where('unreferenced_at', '<', before)
        .limit(limit),
    )
    .returning('sha256')
    .execute()
  return forgotten.map(({ sha256 }) => sha256)
}
