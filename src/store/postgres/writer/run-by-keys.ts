import type { Transaction } from 'kysely'
import type { Tables } from '../../kysely/tables.ts'
import type { Operation } from '../../kysely/writer.ts'

/**
 * Runs operations at once, and those that have a key in common one after the other. They begin in the order of
 * their keys, so that transactions which lock the same rows lock them in the same order.
 */
export function runByKeys<T>(
  trx: Transaction<Tables>,
  operations: readonly Operation<T>[],
): readonly Promise<T>[] {
  const last = new Map<string, Promise<unknown>>()
  return [...operations].sort(byFirstKey).map(({ run, keys }) => {
    const before = (keys ?? []).flatMap((key) => last.get(key) ?? [])
    const running = before.length === 0 ? run(trx) : Promise.all(before).then(async () => run(trx))
    for (const key of keys ?? []) last.set(key, running)
    return running
  })
}

function byFirstKey(a: Pick<Operation<unknown>, 'keys'>, b: Pick<Operation<unknown>, 'keys'>) {
  const [first = ''] = a.keys ?? []
  const [second = ''] = b.keys ?? []
  if (first === second) return 0
  return first < second ? -1 : 1
}
