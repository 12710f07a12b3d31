import type { Kysely, Transaction } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { JsonObject } from '../../domain/json/json.ts'
import type { Version } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { readSchema } from '../../domain/schema/schema.ts'
import type { Store } from '../store.ts'
import { isPostgres } from './database.ts'
import { type JsonText, readJson, writeJson } from './prediction-rows.ts'
import type { Tables, VersionRow } from './tables.ts'
import { createVersionLocks, selectVersion } from './version-locks.ts'
import type { Write } from './writer.ts'

type VersionStore = Pick<
  Store,
  'findVersion' | 'modelOfVersion' | 'addVersion' | 'versionsOf' | 'removeVersion'
>

/** Keeps the version of each accepted prediction, once. */
export interface VersionKeeping {
  /** Keeps a version, unless it is known to be kept. */
  keepOnce(trx: Transaction<Tables>, version: Version): Promise<void>
  /** To be called when that transaction is on disk. */
  wasKept(version: Version): void
}

/** Versions of models. */
export function createVersionStore(
  db: Kysely<Tables>,
  write: Write,
  cache: VersionCache,
): VersionStore & { readonly keeping: VersionKeeping } {
  const locks = createVersionLocks()

  return {
    keeping: {
      async keepOnce(trx, version) {
        const insert = () => insertVersion(trx, version, cache.schemasOf(version))
        if (isPostgres(trx)) await locks.keep(trx, version, insert)
        else if (!cache.isKept(version)) await insert()
      },
      wasKept: cache.markKept,
    },

    async findVersion(model, id) {
      const known = cache.find(model, id)
      if (known) return known
      const row = await db
        .selectFrom('versions')
        .selectAll()
        .where('model_owner', '=', model.owner)
        .where('model_name', '=', model.name)
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) return null
      const version = readVersion(row)
      cache.add(version, row.schemas.length)
      return version
    },

    async modelOfVersion(id) {
      const row = await db
        .selectFrom('versions')
        .select(['model_owner', 'model_name'])
        .where('id', '=', id)
        .executeTakeFirst()
      return row ? { owner: row.model_owner, name: row.model_name } : null
    },

    addVersion: (version) =>
      write((trx) => insertVersion(trx, version, writeJson(version.schema.schemas))),

    async versionsOf({ owner, name }) {
      const rows = await selectVersions(db)
        .where('versions.model_owner', '=', owner)
        .where('versions.model_name', '=', name)
        .orderBy('versions.created_at', 'desc')
        .orderBy('versions.id')
        .execute()
      return rows.map(({ id, created_at, made, first_at }) => ({
        id,
        createdAt: created_at,
        firstRunAt: first_at,
        runs: Number(made ?? 0),
      }))
    },

    removeVersion: (model, id) =>
      write(async (trx) => {
        const removed = await deleteUnused(trx, model, id)
        cache.remove(model, id)
        return removed
      }),
  }
}

function readVersion({ id, provider, schemas, created_at, ...row }: VersionRow): Version {
  return {
    id,
    model: { owner: row.model_owner, name: row.model_name },
    provider,
    schema: readSchema(readJson(schemas)),
    createdAt: created_at,
    ...(row.cog_version === null ? {} : { cogVersion: row.cog_version }),
  }
}

async function insertVersion(
  trx: Transaction<Tables>,
  { model, id, provider, cogVersion, createdAt }: Version,
  schemas: JsonText<JsonObject>,
): Promise<void> {
  await trx
    .insertInto('versions')
    .values({
      model_owner: model.owner,
      model_name: model.name,
      id,
      provider,
      schemas,
      cog_version: cogVersion ?? null,
      created_at: createdAt,
    })
    .onConflict((conflict) => conflict.columns(['model_owner', 'model_name', 'id']).doNothing())
    .execute()
}

function selectVersions(db: Kysely<Tables>) {
  return db
    .selectFrom('versions')
    .leftJoin('runs', (join) =>
      join
        .onRef('runs.model_owner', '=', 'versions.model_owner')
        .onRef('runs.model_name', '=', 'versions.model_name')
        .onRef('runs.version', '=', 'versions.id'),
    )
    .select(['versions.id', 'versions.created_at'])
    .select(({ fn }) => [fn.sum('runs.made').as('made'), fn.min('runs.first_at').as('first_at')])
    .groupBy(['versions.id', 'versions.created_at'])
}

/** Deletes a version of which no prediction is kept; false when there is none. */
async function deleteUnused(
  trx: Transaction<Tables>,
  { owner, name }: ModelRef,
  id: string,
): Promise<boolean> {
  if (isPostgres(trx)) await selectVersion(trx, { owner, name }, id).forUpdate().execute()
  const isUsed = trx
    .selectFrom('runs')
    .select(({ fn }) => fn.sum('kept').as('kept'))
    .where('model_owner', '=', owner)
    .where('model_name', '=', name)
    .where('version', '=', id)
    .having(({ fn }) => fn.sum('kept'), '>', 0)
  const { numDeletedRows } = await trx
    .deleteFrom('versions')
    .where('model_owner', '=', owner)
    .where('model_name', '=', name)
    .where('id', '=', id)
    .where(({ not, exists }) => not(exists(isUsed)))
    .executeTakeFirst()
  return numDeletedRows > 0n
}

const mostVersions = 500
/** Of their schemas as text, in UTF-16 units. */
const mostUnits = 32 * 2 ** 20

export type VersionCache = ReturnType<typeof createVersionCache>

/** A version never changes, so it is read and written once. */
export function createVersionCache() {
  const versions = new LRUCache<string, Version>({ max: mostVersions, maxSize: mostUnits })
  const kept = new LRUCache<string, true>({ max: mostVersions })
  // Until a version is known to be kept, each prediction of it tries to keep it.
  const schemas = new LRUCache<string, JsonText<JsonObject>>({ max: mostVersions })
  const keyOf = (model: ModelRef, id: string) => `${modelName(model)}:${id}`

  return {
    find: (model: ModelRef, id: string) => versions.get(keyOf(model, id)),
    add(version: Version, units: number): void {
      versions.set(keyOf(version.model, version.id), version, { size: Math.max(1, units) })
    },
    isKept: ({ model, id }: Version) => kept.get(keyOf(model, id)) === true,
    markKept({ model, id }: Version): void {
      kept.set(keyOf(model, id), true)
      schemas.delete(keyOf(model, id))
    },
    /** The schemas of a version as text. */
    schemasOf({ model, id, schema }: Version): JsonText<JsonObject> {
      const key = keyOf(model, id)
      const text = schemas.get(key) ?? writeJson(schema.schemas)
      schemas.set(key, text)
      return text
    },
    remove(model: ModelRef, id: string): void {
      const key = keyOf(model, id)
      for (const cache of [versions, kept, schemas]) cache.delete(key)
    },
  }
}
