import { type Kysely, sql, type Transaction } from 'kysely'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { noTurns, type TurnsState } from '../../../domain/prediction/turns.ts'
import { readJson, writeJson } from '../../kysely/prediction-rows.ts'
import type { Tables } from '../../kysely/tables.ts'

/** The key of the lane of a model. */
export const laneOfModel = (model: ModelRef) => `model ${modelName(model)}`

/** The keys of the lanes of people, always in the same order. */
export function lanesOfPeople(people: readonly string[]): readonly string[] {
  return people.map((person) => `person ${person}`).sort()
}

/** Locks lanes until the transaction ends. False when one of them is missing. */
export async function lockLanes(
  trx: Transaction<Tables>,
  keys: readonly string[],
): Promise<boolean> {
  const { rows } = await sql`
    select from lanes where key = any(${keys}::text[]) order by key for update`.execute(trx)
  return rows.length === keys.length
}

export async function addLanes(trx: Transaction<Tables>, keys: readonly string[]): Promise<void> {
  await trx
    .insertInto('lanes')
    .values(keys.map((key) => ({ key, state: writeJson(noTurns) })))
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}

/** How the turns of a model stand, without a lock. */
export async function turnsOf(db: Kysely<Tables>, model: ModelRef): Promise<TurnsState> {
  const row = await db
    .selectFrom('lanes')
    .select('state')
    .where('key', '=', laneOfModel(model))
    .executeTakeFirst()
  return row ? readJson(row.state) : noTurns
}
