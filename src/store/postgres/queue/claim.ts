import { sql, type Transaction } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { createTurns, type TurnsState } from '../../../domain/prediction/turns.ts'
import type { Tables } from '../../kysely/tables.ts'
import type { ClaimLimits } from '../../queue/queue.ts'
import { keepTurns, lockModel } from './lanes.ts'
import { firstInLines, type InLine } from './lines.ts'
import { createRoom } from './room.ts'
import { runningOf } from './running.ts'

/** What the account of a run is charged besides its usual time, in milliseconds. */
export interface Correction {
  readonly account: string
  readonly ms: number
}

export interface ClaimRequest extends ClaimLimits {
  readonly model: ModelRef
  /** The id of the replica that claims. */
  readonly replica: string
  /** Of runs that have ended. */
  readonly corrections: readonly Correction[]
}

export interface Claimed {
  readonly id: string
  /** From now on. */
  readonly revision: number
}

/** The most of one account that are looked at in one query. */
const mostOfAccount = 25

/**
 * Makes the next predictions of a model a replica’s, and resolves with them. The lane of the model
 * stays locked until the transaction ends, so that no two replicas count on the same room.
 */
export async function claimNext(
  trx: Transaction<Tables>,
  request: ClaimRequest,
): Promise<readonly Claimed[]> {
  const { model, corrections, runsHere, replica } = request
  let turns = corrected(await lockModel(trx, model), corrections)
  const running = await runningOf(trx, model, runsHere ? replica : null)
  const room = createRoom(request, running)
  const claimed: Claimed[] = []
  let left = request.copies - sum(running.values())
  for (let isCut = true; left > 0 && isCut; ) {
    const most = Math.min(left, mostOfAccount)
    const full = room.fullCount()
    const passedOver = { ...room.passedOver(), versions: request.passedVersions }
    const first = await firstInLines(trx, model, most, passedOver)
    await room.count(trx, first)
    const taken = take(first, turns, left, { ...request, ...room })
    claimed.push(...(await own(trx, taken.ids, replica)))
    turns = taken.turns
    left -= taken.ids.length
    // Behind those that were looked at, others may run: of the same account, or in place of the full.
    isCut = first.length >= most || (first.length > 0 && room.fullCount() > full)
  }
  if (claimed.length + corrections.length > 0) await keepTurns(trx, model, turns)
  return claimed
}

function corrected(before: TurnsState, corrections: readonly Correction[]): TurnsState {
  const turns = createTurns(before)
  for (const { account, ms } of corrections) turns.correct(account, ms)
  return turns.state()
}

type Taking = Pick<ClaimRequest, 'charge'> & Pick<ReturnType<typeof createRoom>, 'mayRun' | 'add'>

function take(
  first: readonly InLine[],
  before: TurnsState,
  most: number,
  { charge, mayRun, add }: Taking,
): { readonly ids: readonly string[]; readonly turns: TurnsState } {
  const turns = createTurns<InLine>(before)
  for (const one of first) turns.add(one)
  const ids: string[] = []
  while (ids.length < most) {
    const next = turns.take(charge, mayRun)
    if (!next) break
    add(next)
    ids.push(next.id)
  }
  return { ids, turns: turns.state() }
}

/** One that was canceled or removed meanwhile is left out. */
async function own(
  trx: Transaction<Tables>,
  ids: readonly string[],
  replica: string,
): Promise<readonly Claimed[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Claimed>`
    update predictions set owner = ${replica}, revision = revision + 1
    where id = any(${ids}::text[]) and owner is null and status in ('starting', 'processing')
    returning id, revision`.execute(trx)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

function sum(counts: Iterable<number>): number {
  let all = 0
  for (const count of counts) all += count
  return all
}
