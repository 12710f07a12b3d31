import type { RunGroup } from '../../src/domain/group/group.ts'
import { type GroupProgress, groupStatus, isOver } from '../../src/domain/group/progress.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { formatAbout, plural } from '../format.tsx'
import { hx } from '../hx.ts'
import { ThumbsForm } from '../judgement/thumbs.tsx'
import { usePaths } from '../site.ts'
import { GroupActions } from './group-actions.tsx'
import type { ShownCell } from './group-cell.tsx'
import { GroupColumns, type WholeRun } from './group-columns.tsx'
import { GroupGrid } from './group-grid.tsx'
import { GroupTable } from './group-table.tsx'
import { type RunOffers, RunsForm } from './run-buttons.tsx'

/** The actions that the viewer may take, and so the buttons. */
export interface GroupPermissions {
  readonly change: boolean
  readonly share: boolean
  readonly export: boolean
  /** Open the forms of its models with its inputs. */
  readonly reuse: boolean
}

export interface GroupPanelProps {
  readonly group: RunGroup
  readonly progress: GroupProgress
  readonly cells: readonly ShownCell[]
  /** The whole runs of a comparison, by their places. */
  readonly whole: ReadonlyMap<number, WholeRun>
  /** The place with which these cells begin, and with which the next ones do: null at the end. */
  readonly from: number
  readonly next: number | null
  /** How long the rest takes, in milliseconds; null when that is not known. */
  readonly leftMs: number | null
  /** The current time, for clocks. */
  readonly now: number
  readonly may: GroupPermissions
  /** The state shown. Opaque; the panel’s next request sends it back. */
  readonly state: string
  /** Alternates between 1 and 2, so that htmx takes each panel for a new element. */
  readonly count: string
  /** The poll interval; null when the server holds the request until there is news. */
  readonly pollMs: number | null
}

/** All runs of a group, and how far they are. While they are not over it requests its successor. */
export function GroupPanel(props: GroupPanelProps) {
  const { group, progress } = props
  const isLive = !isOver(group, progress)
  return (
    <article
      class='prediction'
      id='group'
      aria-label={group.title}
      aria-busy={String(isLive)}
      data-title={`${groupTitle(group, progress)} · Sandpit`}
      {...(isLive ? polling(props) : {})}
    >
      <GroupFacts {...props} />
      {isLive && <GroupBar {...props} />}
      {group.stopped !== null && progress.planned > 0 && <Stopped {...props} />}
      {(props.may.change || props.may.export) && <RunsForm group={group} from={props.from} />}
      {props.cells.some(isJudged) && <ThumbsForm group={group.id} />}
      <Problems cells={props.cells} />
      <Runs {...props} />
      <Pages {...props} />
      <GroupActions
        group={group}
        may={props.may}
        comparesRuns={offersOf(props).compare}
        progress={progress}
        hasFiles={props.cells.some(madeFile)}
      />
      <p class='prediction-id'>
        <a href={usePaths().group(group.id)}>g/{group.id}</a>
      </p>
    </article>
  )
}

/** `9 of 12: light and ink`. */
export function groupTitle(group: RunGroup, progress: GroupProgress): string {
  const { done, all } = progress
  return isOver(group, progress) ? group.title : `${done} of ${all}: ${group.title}`
}

function polling({ group, from, state, count, pollMs }: GroupPanelProps) {
  const get = `${usePaths().groupPanel(group.id)}?from=${from}&seen=${state}&n=${count}`
  return {
    'data-live': '',
    ...hx({
      get,
      trigger: pollMs === null ? 'load, live' : `load delay:${pollMs}ms, live`,
      swap: 'outerMorph',
      config: 'timeout:40s',
    }),
  }
}

function GroupFacts({ group, progress, leftMs }: GroupPanelProps) {
  const { done, all, failed } = progress
  return (
    <div class='facts' role='status'>
      <span class='status' data-status={groupStatus(group, progress)}>
        {done} of {all} done
      </span>{' '}
      {failed > 0 && <span>{failed} failed</span>}{' '}
      {leftMs !== null && <span>{formatAbout(leftMs)} left</span>}
    </div>
  )
}

function GroupBar({ group, progress, may }: GroupPanelProps) {
  const { done, all, running } = progress
  const percent = `${all === 0 ? 0 : Math.round((done / all) * 100)} %`
  return (
    <div class='progress'>
      <label for='group-progress'>
        {running === 0 ? 'Waiting' : `${running === 1 ? 'One' : running} at a time`}
      </label>
      <span class='mono'>{percent}</span>
      {may.change ? (
        <form method='post' action={usePaths().groupCancellation(group.id)}>
          <button class='button' type='submit'>
            Cancel all
          </button>
        </form>
      ) : (
        <span />
      )}
      <progress id='group-progress' value={done} max={all}>
        {percent}
      </progress>
    </div>
  )
}

function Stopped({ group, progress, may }: GroupPanelProps) {
  return (
    <div class='notice'>
      <span>
        {group.stopped} {plural(progress.planned, 'run')} {progress.planned === 1 ? 'was' : 'were'}{' '}
        not started.
      </span>{' '}
      {may.change && (
        <form method='post' action={usePaths().groupResumption(group.id)}>
          <button class='button bare' type='submit'>
            Run the rest
          </button>
        </form>
      )}
    </div>
  )
}

/** Runs are compared once all have ended: until then, the panel is drawn again and again. */
function offersOf({ group, progress, cells, may }: GroupPanelProps): RunOffers {
  const settled = cells.filter((cell) => cell.kind === 'run' && isSettled(cell.run))
  const compare = may.export && isOver(group, progress) && settled.length > 1
  return { change: may.change, compare }
}

function madeFile(cell: ShownCell): boolean {
  return cell.kind === 'run' && cell.run.made.length > 0
}

function isJudged(cell: ShownCell): boolean {
  return cell.kind === 'run' && cell.judged !== null
}

/** Why runs were not made: each reason once. */
function Problems({ cells }: Pick<GroupPanelProps, 'cells'>) {
  const problems = cells.flatMap((cell) =>
    cell.kind === 'planned' && cell.plan.problem !== null ? [cell.plan.problem] : [],
  )
  return (
    <>
      {[...new Set(problems)].map((problem) => (
        <p class='notice'>{problem}</p>
      ))}
    </>
  )
}

function Runs(props: GroupPanelProps) {
  const { group, cells, whole, now, may } = props
  const offers = offersOf(props)
  if (cells.length === 0) return <p class='field-note'>Its predictions were deleted.</p>
  if (group.kind === 'sweep') return <GroupGrid {...{ group, cells, offers }} />
  if (group.kind === 'compare')
    return <GroupColumns {...{ cells, whole, now, offers }} mayReuse={may.reuse} />
  return <GroupTable title={group.title} {...{ cells, now, offers }} />
}

function Pages({ group, from, next }: GroupPanelProps) {
  const here = usePaths().group(group.id)
  if (from === 0 && next === null) return null
  return (
    <nav class='actions' aria-label='Pages'>
      {from > 0 && (
        <a class='button bare' href={here}>
          First
        </a>
      )}
      {next !== null && (
        <a class='button' href={`${here}?from=${next}`}>
          Next
        </a>
      )}
    </nav>
  )
}
