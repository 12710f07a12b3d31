import { type Kysely, sql } from 'kysely'
import type { GroupCounts, GroupMember } from '../../../domain/group/group.ts'
import type { PredictionSummary } from '../../../domain/prediction/prediction-list.ts'
import type { GroupStore } from '../../groups.ts'
import { createSummaryReader, selectSummaries } from '../lists.ts'
import type { Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

type MemberStore = Pick<GroupStore, 'membersOf' | 'memberAt' | 'countsOf' | 'changesIn'>

/** The predictions of groups. */
export function createMemberStore(db: Kysely<Tables>, write: Write): MemberStore {
  const readSummaries = createSummaryReader(db, write)

  return {
    async membersOf(group, { from, limit }) {
      const rows = await selectSummaries(db.selectFrom('predictions'))
        .where('run_group', '=', group)
        .where('place', '>=', from)
        .orderBy('place')
        .limit(limit)
        .execute()
      return (await readSummaries(rows)).flatMap(memberOf)
    },

    async memberAt(group, place) {
      const row = await db
        .selectFrom('predictions')
        .select('id')
        .where('run_group', '=', group)
        .where('place', '=', place)
        .executeTakeFirst()
      return row?.id ?? null
    },

    async countsOf(groups) {
      if (groups.length === 0) return new Map()
      const made = await db
        .selectFrom('predictions')
        .select(['run_group', 'status'])
        .select(({ fn }) => fn.countAll<number>().as('runs'))
        .where('run_group', 'in', groups)
        .where('place', 'is not', null)
        .groupBy(['run_group', 'status'])
        .execute()
      const plans = await db
        .selectFrom('planned_runs')
        .select(['run_group', sql<number>`problem is not null`.as('is_refused')])
        .select(({ fn }) => fn.countAll<number>().as('runs'))
        .where('run_group', 'in', groups)
        .groupBy(['run_group', sql`problem is not null`])
        .execute()
      const countsOf = (group: string): GroupCounts => {
        const planned = plans.filter(({ run_group }) => run_group === group)
        const ofKind = (isRefused: boolean) =>
          Number(planned.find((row) => Boolean(row.is_refused) === isRefused)?.runs ?? 0)
        return {
          made: Object.fromEntries(
            made
              .filter(({ run_group }) => run_group === group)
              .map(({ status, runs }) => [status, Number(runs)]),
          ),
          planned: ofKind(false),
          refused: ofKind(true),
        }
      }
      return new Map(groups.map((group) => [group, countsOf(group)]))
    },

    async changesIn(group) {
      const { runs, revisions } = await db
        .selectFrom('predictions')
        .select(({ fn }) => [
          fn.countAll<number>().as('runs'),
          fn.sum<number | null>('revision').as('revisions'),
        ])
        .where('run_group', '=', group)
        .executeTakeFirstOrThrow()
      return Number(runs) + Number(revisions)
    },
  }
}

function memberOf(summary: PredictionSummary): GroupMember[] {
  const { group } = summary
  return group === null || group.place === null
    ? []
    : [{ ...summary, group: { ...group, place: group.place } }]
}
