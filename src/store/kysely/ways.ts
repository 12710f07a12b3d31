import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import type { ModelRef } from '../../domain/model-ref.ts'
import { namespaceOf } from '../../domain/people/account.ts'
import type { Visible } from '../../domain/policy.ts'
import type { Status } from '../../domain/prediction/prediction.ts'
import type { PredictionFilter } from '../store.ts'
import type { Conditions, Taken } from './conditions.ts'
import type { Tables } from './tables.ts'

type Build = ExpressionBuilder<Tables, 'predictions'>

/** A part of an index, in the order of the list. The parts of a list together have all of its rows. */
export interface Way {
  /** The conditions that the index answers. */
  readonly where: (eb: Build) => readonly Expression<SqlBool>[]
  /** The members of the filter that it takes care of. */
  readonly taken: Taken
  /** What it asks of its rows besides the filter. */
  readonly rest?: Pick<Conditions, 'hidden'>
}

/**
 * The parts of indexes that a filter is read from. What a viewer may see is a part for each reason why:
 * one query with `or` would read most of the table to find the few rows that are theirs.
 */
export async function waysOf(
  db: Kysely<Tables>,
  filter: PredictionFilter,
): Promise<readonly Way[]> {
  const { account, createdBy, visible } = filter
  if (account !== undefined)
    return [namespaceOf(account) === null ? ofViewer(account, filter) : ofAccount(account, filter)]
  if (visible && createdBy === undefined) return visibleWays(filter, visible)
  const isOwn = createdBy !== undefined && (await isRatherOfViewer(db, filter))
  if (!isOwn) return ofModelAndStatus(filter)
  const way = ofViewer(createdBy, {})
  // Their own are visible to them.
  const isVisible = createdBy !== '' && createdBy === visible?.createdBy
  return [{ ...way, taken: ['createdBy', ...(isVisible ? (['visible'] as const) : [])] }]
}

/** What someone made, what was made for their accounts, and what is public. */
function visibleWays(filter: PredictionFilter, { createdBy, accounts, hidden }: Visible) {
  const { model, statuses } = filter
  const own = createdBy === '' ? [] : [withTaken(ofViewer(createdBy, filter), ['visible'])]
  const made = accounts.map((account) => withTaken(ofAccount(account, filter), ['visible']))
  const isPlain = !model && !statuses
  const shown = isPlain ? [publicWay] : ofModelAndStatus(filter, ['public'])
  const open = shown.map((way) => ({ ...withTaken(way, ['visible']), rest: { hidden } }))
  return [...own, ...made, ...open]
}

function withTaken(way: Way, more: Taken): Way {
  return { ...way, taken: [...way.taken, ...more] }
}

/** A literal, by which the database knows that the index of public predictions has all of these rows. */
const publicWay: Way = { where: () => [sql<boolean>`visibility = 'public'`], taken: [] }

function ofViewer(viewer: string, { model }: Pick<PredictionFilter, 'model'>): Way {
  return {
    where: (eb) => [eb('created_by', '=', viewer), ...(model ? isOfModel(eb, model) : [])],
    taken: model ? ['model'] : [],
  }
}

function ofAccount(account: string, { model }: Pick<PredictionFilter, 'model'>): Way {
  return {
    where: (eb) => [eb('account', '=', account), ...(model ? isOfModel(eb, model) : [])],
    taken: model ? ['account', 'model'] : ['account'],
  }
}

function isOfModel(eb: Build, { owner, name }: ModelRef) {
  return [eb('model_owner', '=', owner), eb('model_name', '=', name)]
}

type Visibility = 'public' | 'private'

/** Several statuses, and both visibilities, are several parts of an index. */
function ofModelAndStatus(
  { model, statuses }: PredictionFilter,
  visibilities: readonly Visibility[] = ['public', 'private'],
): readonly Way[] {
  if (!model && !statuses) return [{ where: () => [], taken: [] }]
  const each: readonly (Status | undefined)[] = statuses ?? [undefined]
  return each.flatMap((status) =>
    visibilities.map(
      (visibility): Way => ({
        where: (eb) => [
          ...(model ? isOfModel(eb, model) : []),
          ...(status ? [eb('status', '=', status)] : []),
          eb('visibility', '=', visibility),
        ],
        taken: ['model', 'statuses'],
      }),
    ),
  )
}

/** Rows are counted up to this number, to choose the index with fewer. */
const mostCounted = 2_000

/** Whether the predictions of the viewer are fewer than those of the model and status. */
async function isRatherOfViewer(db: Kysely<Tables>, filter: PredictionFilter): Promise<boolean> {
  const { createdBy, model, statuses } = filter
  if (createdBy === undefined) return false
  if (!model && !statuses) return true
  const ofTheViewer = db.selectFrom('predictions').select('id').where('created_by', '=', createdBy)
  const own = await ofTheViewer.limit(mostCounted).execute()
  return own.length < mostCounted || !model
}
