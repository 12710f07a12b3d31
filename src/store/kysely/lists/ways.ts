import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { namespaceOf } from '../../../domain/people/account.ts'
import type { Visible } from '../../../domain/policy.ts'
import type { Status } from '../../../domain/prediction/prediction.ts'
import type { PredictionFilter } from '../../store.ts'
import type { Conditions, Taken } from '../conditions.ts'
import type { Tables } from '../tables.ts'
import { fewestOf } from './fewest.ts'

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
 * The parts of indexes that a filter is read from: those of one condition that few rows meet, if there is
 * one. Otherwise, what a viewer may see is a part for each reason why: one query with `or` would read most
 * of the table to find the few rows that are theirs.
 */
export async function waysOf(
  db: Kysely<Tables>,
  filter: PredictionFilter,
): Promise<readonly Way[]> {
  const few = isExact(filter) ? null : await fewestOf(db, filter, waysByCondition(filter))
  return few ?? waysToMany(filter)
}

/** The parts for a filter none of whose conditions is known to be rare. */
export function waysToMany(filter: PredictionFilter): readonly Way[] {
  const { account, createdBy, visible } = filter
  if (account !== undefined) return ofAccount(account, filter)
  if (createdBy !== undefined)
    return createdBy !== '' && createdBy === visible?.createdBy
      ? // Their own are visible to them.
        taking('visible', ofViewer(createdBy, filter))
      : ofViewer(createdBy, filter)
  return visible ? visibleWays(filter, visible) : (waysByCondition(filter)[0] ?? [allWay])
}

/** Whether one index answers all conditions. */
function isExact(filter: PredictionFilter): boolean {
  const { account, createdBy, model, statuses, source, visible } = filter
  const { createdAfter, createdBefore, hasFiles } = filter
  const chosen = [
    model,
    statuses,
    createdBy ?? account,
    source,
    hasFiles,
    createdAfter ?? createdBefore,
  ]
  const given = chosen.filter((one) => one !== undefined).length
  const isOwn = createdBy !== undefined && createdBy === visible?.createdBy
  return given + (visible && !isOwn ? 1 : 0) <= 1
}

/** The parts of an index for each condition, the most telling first. */
export function waysByCondition(filter: PredictionFilter): readonly (readonly Way[])[] {
  const { account, createdBy, model, statuses, source, createdAfter, createdBefore } = filter
  const each = model && statuses ? [{ model }, { statuses }] : [filter]
  const isTimed = createdAfter !== undefined || createdBefore !== undefined
  return [
    ...(createdBy === undefined ? [] : each.map((chosen) => ofViewer(createdBy, chosen))),
    ...(account === undefined ? [] : each.map((chosen) => ofAccount(account, chosen))),
    ...(model || statuses ? [ofModelAndStatus(filter)] : []),
    ...(source ? [ofSource(source)] : []),
    ...(isTimed ? [[allWay]] : []),
  ]
}

const allWay: Way = { where: () => [], taken: [] }

/** What someone made, what was made for their accounts, and what is public. */
function visibleWays(filter: PredictionFilter, { createdBy, accounts, hidden }: Visible) {
  const { model, statuses, source } = filter
  const own = createdBy === '' ? [] : ofViewer(createdBy, filter)
  const made = accounts.flatMap((account) => ofAccount(account, filter))
  const open = model || statuses ? ofModelAndStatus(filter, ['public']) : publicWays(source)
  return taking('visible', [...own, ...made, ...open.map((way) => ({ ...way, rest: { hidden } }))])
}

/** A literal, by which the database knows that the index of public predictions has all of these rows. */
const publicWay: Way = { where: () => [sql<boolean>`visibility = 'public'`], taken: [] }

function publicWays(source: Source | undefined): readonly Way[] {
  return source ? ofSource(source, ['public']) : [publicWay]
}

function taking(name: Taken[number], ways: readonly Way[]): readonly Way[] {
  return ways.map((way) => ({ ...way, taken: [...way.taken, name] }))
}

type Chosen = Pick<PredictionFilter, 'model' | 'statuses'>

function ofViewer(viewer: string, chosen: Chosen): readonly Way[] {
  return taking('createdBy', within('created_by', viewer, chosen))
}

function ofAccount(account: string, chosen: Chosen): readonly Way[] {
  // What was made for a person was made by them.
  if (namespaceOf(account) === null) return within('created_by', account, chosen)
  return taking('account', within('account', account, chosen))
}

/** By model, or else by status: no index has both. */
function within(column: 'created_by' | 'account', id: string, { model, statuses }: Chosen) {
  if (model || !statuses)
    return [
      {
        where: (eb: Build) => [eb(column, '=', id), ...(model ? isOfModel(eb, model) : [])],
        taken: model ? (['model'] as const) : [],
      },
    ]
  return statuses.map(
    (status): Way => ({
      where: (eb) => [eb(column, '=', id), eb('status', '=', status)],
      taken: ['statuses'],
    }),
  )
}

function isOfModel(eb: Build, { owner, name }: ModelRef) {
  return [eb('model_owner', '=', owner), eb('model_name', '=', name)]
}

type Visibility = 'public' | 'private'
const both: readonly Visibility[] = ['public', 'private']

type Source = NonNullable<PredictionFilter['source']>

function ofSource(source: Source, visibilities = both): readonly Way[] {
  return visibilities.map(
    (visibility): Way => ({
      where: (eb) => [eb('source', '=', source), eb('visibility', '=', visibility)],
      taken: ['source'],
    }),
  )
}

/** Several statuses, and both visibilities, are several parts of an index. */
function ofModelAndStatus({ model, statuses }: Chosen, visibilities = both): readonly Way[] {
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
