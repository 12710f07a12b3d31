import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { namespaceOf } from '../../../domain/people/account.ts'
import type { Status } from '../../../domain/prediction/prediction.ts'
import type { PredictionFilter } from '../../store.ts'
import type { Conditions, Taken } from '../conditions.ts'
import type { Tables } from '../tables.ts'

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

/** All rows. */
export const allWay: Way = { where: () => [], taken: [] }

/** A literal, by which the database knows that the index of public predictions has all of these rows. */
export const publicWay: Way = { where: () => [sql<boolean>`visibility = 'public'`], taken: [] }

export function taking(name: Taken[number], ways: readonly Way[]): readonly Way[] {
  return ways.map((way) => ({ ...way, taken: [...way.taken, name] }))
}

type Chosen = Pick<PredictionFilter, 'model' | 'statuses'>

export function ofViewer(viewer: string, chosen: Chosen): readonly Way[] {
  return taking('createdBy', within('created_by', viewer, chosen))
}

export function ofAccount(account: string, chosen: Chosen): readonly Way[] {
  // What was made for a person was made by them.
  if (namespaceOf(account) === null) return within('created_by', account, chosen)
  return taking('account', within('account', account, chosen))
}

/** The statuses that the indexes by maker and account have. */
const indexed: readonly Status[] = ['failed', 'aborted', 'canceled']

/** By model, or else by status: no index has both. */
function within(
  column: 'created_by' | 'account',
  id: string,
  { model, statuses }: Chosen,
): readonly Way[] {
  if (model) {
    const where = (eb: Build) => [eb(column, '=', id), ...isOfModel(eb, model)]
    return [{ where, taken: ['model'] }]
  }
  if (!statuses?.every((status) => indexed.includes(status)))
    return [{ where: (eb) => [eb(column, '=', id)], taken: [] }]
  return statuses.map(
    (status): Way => ({
      // A literal, as in that of public predictions.
      where: (eb) => [eb(column, '=', id), eb('status', '=', sql.lit(status))],
      taken: ['statuses'],
    }),
  )
}

function isOfModel(eb: Build, { owner, name }: ModelRef) {
  return [eb('model_owner', '=', owner), eb('model_name', '=', name)]
}

type Visibility = 'public' | 'private'
const both: readonly Visibility[] = ['public', 'private']

export function ofApi(visibilities = both): readonly Way[] {
  return visibilities.map(
    (visibility): Way => ({
      where: (eb) => [sql<boolean>`source = 'api'`, eb('visibility', '=', visibility)],
      taken: ['source'],
    }),
  )
}

/** Several statuses, and both visibilities, are several parts of an index. */
export function ofModelAndStatus({ model, statuses }: Chosen, visibilities = both): readonly Way[] {
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
