import { type Kysely, sql, type Transaction } from 'kysely'
import { LRUCache } from 'lru-cache'
import { formatJson, type JsonObject, parseJson } from '../domain/json/json.ts'
import type { Version } from '../domain/model/model.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { Prediction } from '../domain/prediction/prediction.ts'
import { readSchema } from '../domain/schema/schema.ts'
import type { Store } from './store.ts'
import type { RunsRow, Tables } from './tables.ts'
import type { Write } from './writer.ts'

type VersionStore = Pick<
  Store,
  'findVersion' | 'modelOfVersion' | 'addVersion' | 'versionsOf' | 'removeVersion' | 'runCounts'
>

/** Versions that are at hand, by the length of their schemas as text. */
const mostKnown = { versions: 500, units: 32 * 2 ** 20 }

/** What accepting a prediction needs besides: it knows what is kept already. */
interface VersionKeeping {
  /** Keeps a version unless that is known to be done. */
  keepOnce(trx: Transaction<Tables>, version: Version): Promise<void>
  /** It is on disk. */
  wasKept(version: Version): void
}

/** Versions of models, and how often each was run. */
export function createVersionStore(
  db: Kysely<Tables>,
  write: Write,
): VersionStore & VersionKeeping {
  // A version never changes: once read, it is known.
  const versions = new LRUCache<string, Version>({
    max: mostKnown.versions,
    maxSize: mostKnown.units,
  })
  const kept = new LRUCache<string, true>({ max: mostKnown.versions })

  return {
    async keepOnce(trx, version) {
      if (!kept.get(keyOf(version.model, version.id))) await keepVersion(trx, version)
    },

    wasKept({ model, id }) {
      kept.set(keyOf(model, id), true)
    },

    async findVersion(model, id) {
      const key = keyOf(model, id)
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
      const { provider, created_at, cog_version } = row
      const built = cog_version === null ? {} : { cogVersion: cog_version }
      const schema = readSchema(parseJson(row.schemas) as JsonObject)
      const createdAt = Number(created_at)
      const version = { id, model, provider, schema, createdAt, ...built }
      versions.set(key, version, { size: Math.max(1, row.schemas.length) })
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

    addVersion: (version) => write((trx) => keepVersion(trx, version)),

    async versionsOf({ owner, name }) {
      const rows = await db
        .selectFrom('versions')
        .leftJoin('runs', (join) =>
          join
            .onRef('runs.model_owner', '=', 'versions.model_owner')
            .onRef('runs.model_name', '=', 'versions.model_name')
            .onRef('runs.version', '=', 'versions.id'),
        )
        .select(['versions.id', 'versions.created_at', 'runs.made'])
        .where('versions.model_owner', '=', owner)
        .where('versions.model_name', '=', name)
        .orderBy('versions.created_at', 'desc')
        .orderBy('versions.id')
        .execute()
      return rows.map(({ id, created_at, made }) => ({
        id,
        createdAt: Number(created_at),
        runs: Number(made ?? 0),
      }))
    },

    removeVersion: (model, id) =>
      write(async (trx) => {
        const isKept = trx
          .selectFrom('runs')
          .select('kept')
          .where('model_owner', '=', model.owner)
          .where('model_name', '=', model.name)
          .where('version', '=', id)
          .where('kept', '>', 0)
        const { numDeletedRows } = await trx
          .deleteFrom('versions')
          .where('model_owner', '=', model.owner)
          .where('model_name', '=', model.name)
          .where('id', '=', id)
          .where(({ not, exists }) => not(exists(isKept)))
          .executeTakeFirst()
        versions.delete(keyOf(model, id))
        kept.delete(keyOf(model, id))
        return numDeletedRows > 0n
      }),

    async runCounts() {
      const rows = await db
        .selectFrom('runs')
        .select(['model_owner', 'model_name'])
        .select(({ fn }) => fn.sum('made').as('made'))
        .groupBy(['model_owner', 'model_name'])
        .execute()
      return new Map(
        rows.map((row) => [
          modelName({ owner: row.model_owner, name: row.model_name }),
          Number(row.made),
        ]),
      )
    },
  }
}

function keyOf(model: ModelRef, id: string): string {
  return `${modelName(model)}:${id}`
}

async function keepVersion(trx: Transaction<Tables>, version: Version) {
  await trx
    .insertInto('versions')
    .values({
      model_owner: version.model.owner,
      model_name: version.model.name,
      id: version.id,
      provider: version.provider,
      schemas: schemasText(version),
      cog_version: version.cogVersion ?? null,
      created_at: version.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['model_owner', 'model_name', 'id']).doNothing())
    .execute()
}

const written = new WeakMap<JsonObject, string>()

/** Written once for each version that is at hand: every run of it is kept with it. */
function schemasText({ schema: { schemas } }: Version): string {
  const known = written.get(schemas)
  if (known !== undefined) return known
  const text = formatJson(schemas)
  written.set(schemas, text)
  return text
}

/** Counts a prediction that was accepted. Nobody ever has to count them all. */
export async function countAccepted(
  trx: Transaction<Tables>,
  { model, version }: Pick<Prediction, 'model' | 'version'>,
) {
  await sql`
    insert into runs (model_owner, model_name, version, made, kept)
    values (${model.owner}, ${model.name}, ${version}, 1, 1)
    on conflict (model_owner, model_name, version)
    do update set made = runs.made + 1, kept = runs.kept + 1`.execute(trx)
}

export async function countRemoved(
  trx: Transaction<Tables>,
  removed: Pick<RunsRow, 'model_owner' | 'model_name' | 'version'>,
) {
  await trx
    .updateTable('runs')
    .set(({ eb }) => ({ kept: eb('kept', '-', 1) }))
    .where('model_owner', '=', removed.model_owner)
    .where('model_name', '=', removed.model_name)
    .where('version', '=', removed.version)
    .execute()
}
