import type { GroupCell } from '../../src/domain/group/cells.ts'
import type { GroupMember } from '../../src/domain/group/group.ts'
import { beginning } from '../../src/domain/json/excerpt.ts'
import type { Verdict } from '../../src/domain/judgement/judgement.ts'
import { hasFailed, hasSucceeded, isSettled } from '../../src/domain/prediction/prediction.ts'
import { capitalized } from '../format.tsx'
import { pictureOf } from '../history/thumb.tsx'
import { Thumbs } from '../judgement/thumbs.tsx'
import { usePaths } from '../site.ts'
import { CellButtons, type RunOffers } from './run-buttons.tsx'

/** What is known of a prediction that has not ended. */
export interface Pending {
  /** From 0 to 1; null when it reports none. */
  readonly fraction: number | null
  /** Its place in the queue of its model, from 1; null when it does not wait there. */
  readonly position: number | null
}

interface RunState {
  readonly pending: Pending | null
  /** What the viewer thinks of it; null where they may not judge it. */
  readonly judged: { readonly verdict: Verdict | null } | null
}

/** What the viewer is shown at one place: not a run that they may not see. */
export type ShownCell =
  | Extract<GroupCell, { kind: 'planned' }>
  | (Extract<GroupCell, { kind: 'run' }> & RunState)
  | { readonly kind: 'hidden'; readonly place: number }

interface CellProps {
  readonly cell: ShownCell | undefined
  /** What the run was made with. */
  readonly label: string
  readonly offers: RunOffers
}

/** One run of a group as a square: what it made, how far it is, or why there is nothing. */
export function CellSquare({ cell, label, offers }: CellProps) {
  if (!cell) return <div class='slot'>deleted</div>
  if (cell.kind === 'hidden') return <div class='slot'>private</div>
  if (cell.kind === 'planned')
    return cell.plan.problem === null ? (
      <div class='slot' />
    ) : (
      <div class='slot' data-status='failed'>
        × not run
      </div>
    )
  return (
    <>
      <RunSquare run={cell.run} pending={cell.pending} label={label} />
      <CellButtons run={cell.run} label={label} offers={offers} />
      <CellThumbs cell={cell} label={label} />
    </>
  )
}

interface ThumbsProps {
  readonly cell: ShownCell
  readonly label: string
}

/** The buttons that judge a run, where the viewer may. */
export function CellThumbs({ cell, label }: ThumbsProps) {
  if (cell.kind !== 'run' || cell.judged === null) return null
  return <Thumbs place={cell.place} label={label} {...cell.judged} />
}

interface RunSquareProps {
  readonly run: GroupMember
  readonly pending: Pending | null
  readonly label: string
}

function RunSquare({ run, pending, label }: RunSquareProps) {
  const href = usePaths().prediction(run.id)
  if (!isSettled(run))
    return (
      <a class='slot' href={href} aria-label={label} data-status={run.status}>
        <PendingMark pending={pending} label={label} />
      </a>
    )
  if (!hasSucceeded(run))
    return (
      <a class='slot' href={href} data-status={run.status} aria-label={`${label}, ${run.status}`}>
        {hasFailed(run) ? '×' : '/'} {run.status}
      </a>
    )
  return (
    <a href={href} aria-label={label}>
      <Made run={run} room={120} />
    </a>
  )
}

/** How far a run is: its progress, or its place in the queue. */
export function PendingMark({ pending, label }: { pending: Pending | null; label: string }) {
  if (!pending) return <>…</>
  if (pending.position !== null) return <>{shortOrdinal(pending.position)}</>
  return <progress aria-label={label} value={pending.fraction ?? undefined} />
}

interface MadeProps {
  readonly run: GroupMember
  /** The most characters of a text. */
  readonly room: number
}

/** The beginning of what a run made: a picture, a text, or the name of a file. */
export function Made({ run, room }: MadeProps) {
  const paths = usePaths()
  const picture = pictureOf(run)
  if (picture)
    return <img src={paths.file(picture)} alt='' width='256' height='256' loading='lazy' />
  const text = run.snippet ?? run.made[0]?.name ?? capitalized(run.status)
  return <p dir='auto'>{text.length > room ? `${beginning(text, room)}…` : text}</p>
}

/** `1st`, `2nd`, `3rd`, `11th`. */
function shortOrdinal(position: number): string {
  const tens = position % 100
  const ending = tens > 10 && tens < 14 ? undefined : ['th', 'st', 'nd', 'rd'][position % 10]
  return `${position}${ending ?? 'th'}`
}
