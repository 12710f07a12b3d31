import { type Kysely, sql, type Transaction } from 'kysely'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { noTurns, type TurnsState } from '../../../domain/prediction/turns.ts'
import { readJson, writeJson } from '../../kysely/prediction-rows.ts'
import type { Tables } from '../../kysely/tables.ts'

const keyOf = (model: ModelRef) => `model ${modelName(model)}`

/** Locks the lane of a model until the transaction ends. Resolves with how its turns stand. */
export async function lockModel(trx: Transaction<Tables>, model: ModelRef): Promise<TurnsState> {
  const [state] = await lock(trx, [keyOf(model)])
  return state ?? noTurns
}

export async function keepTurns(
  trx: Transaction<Tables>,
  model: ModelRef,
  turns: TurnsState,
): Promise<void> {
  await trx
    .updateTable('lanes')
    .set({ state: writeJson(turns) })
    .where('key', '=', keyOf(model))
    .execute()
}

/** Locks the lanes of people, always in the same order. */
export async function lockPeople(
  trx: Transaction<Tables>,
  people: readonly string[],
): Promise<void> {
  await lock(trx, people.map((person) => `person ${person}`).sort())
}

async function lock(
  trx: Transaction<Tables>,
  keys: readonly string[],
): Promise<readonly TurnsState[]> {
  if (keys.length === 0) return []
  const found = await locked(trx, keys)
  if (found.length === keys.length) return found
  await trx
    .insertInto('lanes')
    .values(keys.map((key) => ({ key, state: writeJson(noTurns) })))
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  return locked(trx, keys)
}

async function locked(
  trx: Transaction<Tables>,
  keys: readonly string[],
): Promise<readonly TurnsState[]> {
  const rows = await trx
    .selectFrom('lanes')
    .select('state')
    .where(sql<boolean>`key = any(${keys}::text[])`)
    .orderBy('key')
    .forUpdate()
    .execute()
  return rows.map(({ state }) => readJson(state))
}

/** How the turns of a model stand, without a lock. */
export async function turnsOf(db: Kysely<Tables>, model: ModelRef): Promise<TurnsState> {
  const row = await db
    .selectFrom('lanes')
    .select('state')
    .where('key', '=', keyOf(model))
    .executeTakeFirst()
  return row ? readJson(row.state) : noTurns
}
