import type { Kysely } from 'kysely'
import type { Visible } from '../../../domain/policy.ts'
import type { PredictionFilter } from '../../store.ts'
import type { Tables } from '../tables.ts'
import { fewestOf } from './fewest.ts'
import {
  allWay,
  ofAccount,
  ofApi,
  ofModelAndStatus,
  ofViewer,
  publicWay,
  taking,
  type Way,
} from './parts.ts'

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
    ...(source === 'api' ? [ofApi()] : []),
    ...(isTimed ? [[allWay]] : []),
  ]
}

/** What someone made, what was made for their accounts, and what is public. */
function visibleWays(filter: PredictionFilter, { createdBy, accounts, hidden }: Visible) {
  const { model, statuses, source } = filter
  const own = createdBy === '' ? [] : ofViewer(createdBy, filter)
  const made = accounts.flatMap((account) => ofAccount(account, filter))
  const open = model || statuses ? ofModelAndStatus(filter, ['public']) : publicWays(source)
  return taking('visible', [...own, ...made, ...open.map((way) => ({ ...way, rest: { hidden } }))])
}

function publicWays(source: PredictionFilter['source']): readonly Way[] {
  return source === 'api' ? ofApi(['public']) : [publicWay]
}
