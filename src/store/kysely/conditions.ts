import {
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import type { Visible } from '../../domain/policy.ts'
import type { PredictionFilter } from '../store.ts'
import type { Tables } from './tables.ts'
import { hasWords } from './texts/texts.ts'

type Build = ExpressionBuilder<Tables, 'predictions'>
type Condition = Expression<SqlBool> | undefined

/** The members of a filter that an index or a search takes care of. */
export type Taken = readonly (keyof PredictionFilter)[]

/** A filter as a part of a list reads it. */
export interface Conditions extends PredictionFilter {
  /** Not of these models. */
  readonly hidden?: Visible['hidden']
}

/**
 * Whether a row matches the rest of a filter, as a column to select. Not a `where`: there, the
 * database could take another index, and sort.
 */
export function matchesRest(db: Kysely<Tables>, filter: Conditions, taken: Taken) {
  return (eb: Build) => {
    const rest = Object.entries({ ...ownConditions(eb, filter), ...joined(eb, db, filter) })
      .filter(([name]) => !taken.some((one) => one === name))
      .flatMap(([, condition]) => condition ?? [])
    return eb.and(rest).as('matches')
  }
}

/** The conditions on columns of the prediction itself. */
function ownConditions(eb: Build, filter: Conditions) {
  const { model, statuses, createdBy, account, source, createdAfter, createdBefore } = filter
  const { isTop, group } = filter
  return {
    model: model && eb.and([isOwner(eb, model.owner), eb('model_name', '=', model.name)]),
    statuses: statuses && eb('status', 'in', statuses),
    createdBy: createdBy === undefined ? undefined : eb('created_by', '=', createdBy),
    account: account === undefined ? undefined : isOfAccount(eb, account),
    source: source && eb('source', '=', source),
    createdAfter:
      createdAfter === undefined ? undefined : eb('predictions.created_at', '>', createdAfter),
    createdBefore:
      createdBefore === undefined ? undefined : eb('predictions.created_at', '<', createdBefore),
    isTop: isTop === undefined ? undefined : isTopIs(eb, isTop),
    group: group === undefined ? undefined : eb('run_group', '=', group),
  } satisfies Partial<Record<keyof Conditions, Condition>>
}

/** Neither a sub-run, nor one of a group that another stands for. */
function isTopIs(eb: Build, isTop: boolean) {
  const top = eb.and([eb('parent', 'is', null), eb('listed', '=', 1)])
  return isTop ? top : eb.not(top)
}

/** Most predictions are made for their maker: their account is not kept. */
function isOfAccount(eb: Build, account: string) {
  return eb.or([
    eb('account', '=', account),
    eb.and([eb('created_by', '=', account), eb('account', 'is', null)]),
  ])
}

function isOwner(eb: Build, owner: string) {
  return eb('model_owner', '=', owner)
}

function joined(
  eb: Build,
  db: Kysely<Tables>,
  { favouriteOf, hasFiles, visible, hidden, text }: Conditions,
) {
  const isFavourite = () =>
    eb.exists(
      eb
        .selectFrom('favourites')
        .select('favourites.prediction')
        .where('favourites.viewer', '=', favouriteOf ?? '')
        .whereRef('favourites.prediction', '=', 'predictions.id'),
    )
  const made = sql<string>`coalesce(predictions.made, '[]')`
  return {
    favouriteOf: favouriteOf === undefined ? undefined : isFavourite(),
    hasFiles: hasFiles === undefined ? undefined : eb(made, hasFiles ? '<>' : '=', '[]'),
    visible: visible && isVisible(eb, visible),
    hidden: hidden && isNotHidden(eb, hidden),
    text: text === undefined ? undefined : hasWords(db, text),
  } satisfies Partial<Record<keyof Conditions, Condition>>
}

export function isVisible(eb: Build, { createdBy, accounts, hidden }: Visible) {
  return eb.or([
    eb('created_by', '=', createdBy),
    ...(accounts.length === 0 ? [] : [eb('account', 'in', accounts)]),
    eb.and([eb('visibility', '=', 'public'), isNotHidden(eb, hidden)]),
  ])
}

function isNotHidden(eb: Build, hidden: Visible['hidden']) {
  const isHidden = hidden.map((ref) =>
    eb.and([isOwner(eb, ref.owner), eb('model_name', '=', ref.name)]),
  )
  return eb.not(eb.or(isHidden))
}

/** The rows that were created within the times of a filter. */
export function withinTimes<Selected>(
  query: SelectQueryBuilder<Tables, 'predictions', Selected>,
  { createdAfter, createdBefore }: PredictionFilter,
) {
  let found = query
  if (createdAfter !== undefined) found = found.where('created_at', '>', createdAfter)
  if (createdBefore !== undefined) found = found.where('created_at', '<', createdBefore)
  return found
}
