import { type Kysely, sql, type Transaction } from 'kysely'
import type { GroupStore } from '../../groups.ts'
import { isPostgres, lockKey } from '../database.ts'
import { contentKey, dropFilesOf, keepFiles } from '../files.ts'
import { endSharesOfGroup } from '../people/shares.ts'
import type { Tables } from '../tables.ts'
import type { Write } from '../writer.ts'
import { plannedRow } from './rows.ts'

type AgainStore = Pick<GroupStore, 'planAgain' | 'keepListed'>

/** Runs of groups that are run again, and the predictions that stand for groups in lists. */
export function createAgainStore(db: Kysely<Tables>, write: Write): AgainStore {
  return {
    planAgain: ({ id }, runs, at) =>
      write(
        async (trx) => {
          const planned: number[] = []
          for (const run of runs) {
            if (!(await leavePlace(trx, id, run.place, run.replaces))) continue
            await trx.insertInto('planned_runs').values(plannedRow(id, run)).execute()
            await keepFiles(trx, run.files, id, at)
            planned.push(run.place)
          }
          return planned
        },
        // The predictions that give up their places may be written at the same time.
        {
          keys: [
            id,
            ...runs.flatMap((run) => [
              run.replaces,
              `plan ${id} ${run.place}`,
              ...run.files.map(contentKey),
            ]),
          ],
        },
      ),

    async keepListed(group) {
      if (await hasListed(db, group)) return true
      return write((trx) => listFirst(trx, group))
    },
  }
}

/** False when it does not have this place any more. */
async function leavePlace(
  trx: Transaction<Tables>,
  group: string,
  place: number,
  prediction: string,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('predictions')
    .set(({ eb }) => ({ place: null, revision: eb('revision', '+', 1) }))
    .where('id', '=', prediction)
    .where('run_group', '=', group)
    .where('place', '=', place)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * To be called after a prediction of a group was removed. Another one stands for the group in lists. With its last
 * one, and no more to be started, the group is removed.
 */
export async function groupLost(trx: Transaction<Tables>, group: string, at: number) {
  if ((await hasListed(trx, group)) || (await listFirst(trx, group))) return
  if (!(await goesOn(trx, group))) await dropGroup(trx, group, at)
}

/** So that of two that remove the last predictions of a group, one notices. To be called before they are locked. */
export async function lockGroupOf(trx: Transaction<Tables>, prediction: string): Promise<void> {
  if (!isPostgres(trx)) return
  const row = await trx
    .selectFrom('predictions')
    .select('run_group')
    .where('id', '=', prediction)
    .executeTakeFirst()
  if (row?.run_group) await lockKey(trx, row.run_group)
}

/** Whether a prediction that has a place stands for the group. */
async function hasListed(db: Kysely<Tables>, group: string): Promise<boolean> {
  const row = await db
    .selectFrom('predictions')
    .select('id')
    .where('run_group', '=', group)
    .where('place', 'is not', null)
    .where('listed', '=', 1)
    .orderBy('place')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The first of its places stands for it, or, while there is none, the newest of those that gave up theirs. */
async function listFirst(trx: Transaction<Tables>, group: string): Promise<boolean> {
  const first = await trx
    .selectFrom('predictions')
    .select('id')
    .where('run_group', '=', group)
    .orderBy(sql`place is null`)
    .orderBy('place')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!first) return false
  await trx
    .updateTable('predictions')
    .set(({ eb }) => ({
      listed: sql<number>`case when ${eb('id', '=', first.id)} then 1 else 0 end`,
    }))
    .where('run_group', '=', group)
    .where(({ eb, or }) => or([eb('id', '=', first.id), eb('listed', '=', 1)]))
    .execute()
  return true
}

/** Whether runs of it are still to be started. */
async function goesOn(trx: Transaction<Tables>, group: string): Promise<boolean> {
  const row = await trx
    .selectFrom('planned_runs')
    .select('place')
    .where('run_group', '=', group)
    .where('problem', 'is', null)
    .where('run_group', 'in', ({ selectFrom }) =>
      selectFrom('run_groups').select('id').where('stopped', 'is', null),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** False when there was none. */
export async function dropGroup(
  trx: Transaction<Tables>,
  id: string,
  at: number,
): Promise<boolean> {
  await trx.deleteFrom('planned_runs').where('run_group', '=', id).execute()
  await dropFilesOf(trx, id, at)
  await endSharesOfGroup(trx, id, at)
  await trx
    .updateTable('predictions')
    .set({ run_group: null, place: null, listed: 1 })
    .where('run_group', '=', id)
    .execute()
  const dropped = await trx.deleteFrom('run_groups').where('id', '=', id).executeTakeFirst()
  return dropped.numDeletedRows > 0n
}
