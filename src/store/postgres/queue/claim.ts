import type { Transaction } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { createTurns, type TurnsState } from '../../../domain/prediction/turns.ts'
import { atOnce } from '../../../postgres/at-once.ts'
import type { Tables } from '../../kysely/tables.ts'
import type { ClaimLimits } from '../../queue/queue.ts'
import type { ClaimStatements, Owned } from './claim-statements.ts'
import { addLanes, laneOfModel } from './lanes.ts'
import type { InLine } from './lines.ts'
import { createRoom } from './room.ts'

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

export interface ClaimedIds {
  readonly owned: readonly Owned[]
  /** Whether others may wait. */
  readonly isMore: boolean
}

/** A transaction that claims. */
export interface Claiming {
  readonly trx: Transaction<Tables>
  readonly commit: () => Promise<void>
  readonly statements: ClaimStatements
}

/** The most of one account that are looked at in one query. */
const mostOfAccount = 25

/**
 * Makes the next predictions of a model a replica’s, and resolves with them. The lane of the model stays locked until
 * the transaction ends, so that no two replicas count on the same room. Most take two round trips: what is decided
 * on is read in the first, and written and committed in the second.
 */
export async function claimNext(claiming: Claiming, request: ClaimRequest): Promise<ClaimedIds> {
  const { trx, commit, statements } = claiming
  const { copies, corrections, passedVersions } = request
  const { running, ...state } = await lockAndLook(claiming, request)
  const room = createRoom(request, running)
  const free = copies - running.reduce((sum, { counted }) => sum + counted, 0)
  const owned: Owned[] = []
  let { look } = state
  let turns = corrected(state.turns, corrections)
  for (let left = free; ; ) {
    await room.count(trx, look.first)
    const taken = take(look.first, turns, left, { ...request, ...room })
    const claim = { ...request, ...taken }
    turns = taken.turns
    left -= taken.ids.length
    const full = room.fullCount()
    if (left > 0 && isCut(look, full)) {
      owned.push(...(await statements.own(trx, claim)))
      look = await lookAgain(claiming, request, left, room)
      continue
    }
    const isLeft = free <= 0 || look.first.length > taken.ids.length
    const isMore = isLeft || full + passedVersions.length > 0
    if (owned.length + taken.ids.length + corrections.length === 0) return { owned, isMore }
    const [last] = await atOnce([statements.own(trx, claim), commit()])
    return { owned: [...owned, ...last], isMore }
  }
}

/** The first in the lines of accounts. */
interface Look {
  readonly first: readonly InLine[]
  /** So many of an account were asked for, and one more. */
  readonly most: number
  /** How many deployments and people were passed over. */
  readonly passed: number
}

/** Whether others may run behind those that were looked at: of the same account, or in place of the full. */
function isCut({ first, most, passed }: Look, full: number): boolean {
  return first.length > most || (first.length > 0 && full > passed)
}

/** Locks the lane of the model, and reads how all stands from then on. */
async function lockAndLook({ trx, statements }: Claiming, request: ClaimRequest) {
  const { model, copies, passedVersions } = request
  const most = Math.min(copies, mostOfAccount)
  const passedOver = { deployments: [], people: [], versions: passedVersions }
  for (;;) {
    const [turns, running, first] = await atOnce([
      statements.lockModel(trx, model),
      statements.runningOf(trx, request),
      statements.firstInLines(trx, { ...request, most: most + 1, passedOver }),
    ])
    const look: Look = { first, most, passed: 0 }
    if (turns) return { turns, running, look }
    await addLanes(trx, [laneOfModel(model)])
  }
}

async function lookAgain(
  { trx, statements }: Claiming,
  request: ClaimRequest,
  left: number,
  room: ReturnType<typeof createRoom>,
): Promise<Look> {
  const most = Math.min(left, mostOfAccount)
  const passedOver = { ...room.passedOver(), versions: request.passedVersions }
  const first = await statements.firstInLines(trx, { ...request, most: most + 1, passedOver })
  return { first, most, passed: room.fullCount() }
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
