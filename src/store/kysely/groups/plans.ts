import { type Kysely, sql, type Transaction } from 'kysely'
import type { RunGroup } from '../../../domain/group/group.ts'
import type { GroupStore } from '../../groups.ts'
import type { IdempotencyKey } from '../../store.ts'
import { lockKey } from '../database.ts'
import { contentKey, keepFiles } from '../files.ts'
import { writeJson } from '../prediction-rows.ts'
import type { PlannedRunRow, RunGroupRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'
import { dropGroup } from './again.ts'
import { newRow, planColumns, plannedRow, readGroup, readPlan, readPlanned } from './rows.ts'

type PlanStore = Pick<
  GroupStore,
  | 'addGroup'
  | 'planRuns'
  | 'openGroup'
  | 'findGroup'
  | 'groupsAmong'
  | 'openGroups'
  | 'dropUnopened'
  | 'nextPlanned'
  | 'plansOf'
  | 'settlePlan'
  | 'stopGroup'
  | 'renameGroup'
  | 'claimGroup'
  | 'removeGroup'
>

/** Groups of runs, and what is planned in them. */
export function createPlanStore(db: Kysely<Tables>, write: Write): PlanStore {
  async function change(id: string, set: Partial<Pick<RunGroupRow, 'stopped' | 'title'>>) {
    return write(async (trx) => {
      const query = trx.updateTable('run_groups').set(set).where('id', '=', id)
      return (await query.executeTakeFirst()).numUpdatedRows > 0n
    })
  }

  return {
    addGroup: (group, pressed) =>
      write(async (trx) => {
        const earlier = pressed && (await findPressed(trx, group, pressed))
        if (earlier) return earlier
        await trx
          .insertInto('run_groups')
          .values(newRow(group, pressed?.key ?? null))
          .execute()
        return group
      }),

    planRuns: ({ id, createdAt }, runs) => {
      const files = runs.flatMap((run) => run.files)
      return write(
        async (trx) => {
          if (runs.length === 0) return
          const rows = runs.map((run) => plannedRow(id, run))
          await trx.insertInto('planned_runs').values(rows).execute()
          await keepFiles(trx, files, id, createdAt)
        },
        { keys: [id, ...files.map(contentKey)] },
      )
    },

    openGroup: (group) =>
      write(async (trx) => {
        await trx.updateTable('run_groups').set({ opened: 1 }).where('id', '=', group).execute()
      }),

    async findGroup(id) {
      const row = await opened(db).where('id', '=', id).executeTakeFirst()
      return row ? readGroup(row) : null
    },

    async groupsAmong(ids) {
      if (ids.length === 0) return new Map()
      const rows = await opened(db).where('id', 'in', ids).execute()
      return new Map(rows.map((row) => [row.id, readGroup(row)]))
    },

    async openGroups() {
      const rows = await db
        .selectFrom('run_groups')
        .select('id')
        .where('opened', '=', 1)
        .where('stopped', 'is', null)
        .where('id', 'in', ({ selectFrom }) =>
          selectFrom('planned_runs').select('run_group').where('problem', 'is', null),
        )
        .orderBy('created_at')
        .execute()
      return rows.map(({ id }) => id)
    },

    dropUnopened: (before) =>
      write(async (trx) => {
        const rows = await trx
          .selectFrom('run_groups')
          .select('id')
          .where('opened', '=', 0)
          .where('created_at', '<', before)
          .execute()
        for (const { id } of rows) await dropGroup(trx, id, before)
      }),

    async nextPlanned(group, { from, limit }) {
      const rows = await db
        .selectFrom('planned_runs')
        .selectAll()
        .where('run_group', '=', group)
        .where('problem', 'is', null)
        .where('place', '>=', from)
        .orderBy('place')
        .limit(limit)
        .execute()
      return rows.map(readPlanned)
    },

    async plansOf(group, { from, limit }) {
      const rows = await db
        .selectFrom('planned_runs')
        .select(planColumns)
        .where('run_group', '=', group)
        .where('place', '>=', from)
        .orderBy('place')
        .limit(limit)
        .execute()
      return rows.map(readPlan)
    },

    settlePlan: (group, place, problem) =>
      write(
        async (trx) => {
          const key = { run_group: group, place }
          if (problem === null) await trx.deleteFrom('planned_runs').where(isPlan(key)).execute()
          else
            await trx
              .updateTable('planned_runs')
              .set({ problem, sealed: null, input: writeJson({}), files: writeJson([]) })
              .where(isPlan(key))
              .execute()
        },
        { keys: [`plan ${group} ${place}`] },
      ),

    stopGroup: (group, stopped) => change(group, { stopped }),

    renameGroup: (group, title) => change(group, { title }),

    claimGroup: (group, by, now, until) =>
      write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('run_groups')
          .set({ claimed_by: by, claimed_until: until })
          .where('id', '=', group)
          .where(({ eb, or }) =>
            or([
              eb('claimed_by', 'is', null),
              eb('claimed_by', '=', by),
              eb('claimed_until', '<', now),
            ]),
          )
          .executeTakeFirst()
        return numUpdatedRows > 0n
      }),

    removeGroup: (group, at) => write((trx) => dropGroup(trx, group, at)),
  }
}

/** Groups whose plan is complete. */
function opened(db: Kysely<Tables>) {
  return db.selectFrom('run_groups').selectAll().where('opened', '=', 1)
}

function isPlan({ run_group, place }: Pick<PlannedRunRow, 'run_group' | 'place'>) {
  return sql<boolean>`run_group = ${run_group} and place = ${place}`
}

/** The group that an earlier press on the same button made. */
async function findPressed(
  trx: Transaction<Tables>,
  { createdBy }: RunGroup,
  { key, since }: IdempotencyKey,
): Promise<RunGroup | null> {
  await lockKey(trx, key)
  const row = await trx
    .selectFrom('run_groups')
    .selectAll()
    .where('form_key', '=', key)
    .where('created_at', '>=', since)
    .where('created_by', '=', createdBy)
    .executeTakeFirst()
  return row ? readGroup(row) : null
}
