import type { Transaction } from 'kysely'
import type { Version } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { lockKey } from './database.ts'
import type { Tables } from './tables.ts'

type Insert = () => Promise<void>

/**
 * On PostgreSQL, another replica can remove a version while this one accepts a prediction of it. The row is
 * locked against that, once in each transaction, and inserted if it is gone.
 */
export function createVersionLocks() {
  const locked = new WeakMap<Transaction<Tables>, Map<string, Promise<void>>>()

  return {
    keep(trx: Transaction<Tables>, { model, id }: Version, insert: Insert): Promise<void> {
      const known = locked.get(trx) ?? new Map<string, Promise<void>>()
      locked.set(trx, known)
      const key = `${modelName(model)}:${id}`
      const keeping = known.get(key) ?? keepLocked(trx, model, id, insert)
      known.set(key, keeping)
      return keeping
    },
  }
}

async function keepLocked(
  trx: Transaction<Tables>,
  model: ModelRef,
  id: string,
  insert: Insert,
): Promise<void> {
  while (!(await selectVersion(trx, model, id).forKeyShare().executeTakeFirst())) {
    // Transactions that insert several in different orders would wait for each other.
    await lockKey(trx, 'versions')
    await insert()
  }
}

/** The row of a version, to be locked. */
export function selectVersion(trx: Transaction<Tables>, { owner, name }: ModelRef, id: string) {
  return trx
    .selectFrom('versions')
    .select('id')
    .where('model_owner', '=', owner)
    .where('model_name', '=', name)
    .where('id', '=', id)
}
