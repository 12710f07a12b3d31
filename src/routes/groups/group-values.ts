import type { Pending, ShownCell } from '../../../views/group/group-cell.tsx'
import type { WholeRun } from '../../../views/group/group-columns.tsx'
import type { SharedInputs } from '../../../views/group/group-inputs.tsx'
import type { GroupPanelProps, GroupPermissions } from '../../../views/group/group-panel.tsx'
import type { Deps } from '../../deps.ts'
import { cellsOf, type GroupCell } from '../../domain/group/cells.ts'
import {
  type GroupCounts,
  type GroupMember,
  noRuns,
  type RunGroup,
} from '../../domain/group/group.ts'
import { isOver, leftMs, progressOf } from '../../domain/group/progress.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { may } from '../../domain/policy.ts'
import { compareInputs } from '../../domain/prediction/comparison/inputs.ts'
import { hasSucceeded, isSettled, isWaiting } from '../../domain/prediction/prediction.ts'
import { unknownSchema } from '../../domain/schema/schema.ts'
import type { Paths } from '../../paths.ts'
import { mayJudge } from '../judgement/judgement-box.ts'
import { mayWith } from '../request/rights.ts'

/** Runs on one page: all of a sweep, of whose cells there are no more. */
const pageLength = { sweep: 10_000, compare: 20, batch: 50 } as const

/** A group as somebody sees it. */
export interface SeenGroup {
  readonly group: RunGroup
  readonly viewer: Viewer
  /** The addresses of its pages: its own, or those below a share link. */
  readonly paths: Paths
  /** Whether a share link shows it: all of its runs, and no way to change anything. */
  readonly isShared: boolean
}

/** What a panel depends on besides. */
export interface GroupView {
  /** The place with which its runs begin. */
  readonly from: number
  /** See `GroupPanelProps`. */
  readonly count: string
  readonly pollMs: number | null
}

/** Reads what the panel of a group shows. */
export function createGroupValues(deps: Deps) {
  const { store, runner, runTimes, now } = deps

  async function countsOf({ id }: RunGroup): Promise<GroupCounts> {
    return (await store.countsOf([id])).get(id) ?? noRuns
  }

  /** A state of the panel. Opaque to the browser, which sends it back as `seen`. */
  async function stateOf(group: RunGroup, counts: GroupCounts): Promise<string> {
    const { done, all, planned } = progressOf(group, counts)
    const isStopped = Number(group.stopped !== null)
    return [done, all, planned, isStopped, await store.changesIn(group.id)].join('-')
  }

  /** The state of a panel that still changes; null for others. */
  async function openState(id: string): Promise<string | null> {
    const group = await store.findGroup(id)
    if (!group) return null
    const counts = await countsOf(group)
    return isOver(group, progressOf(group, counts)) ? null : stateOf(group, counts)
  }

  async function pendingOf({ id }: GroupMember): Promise<Pending | null> {
    const prediction = await runner.find(id)
    if (!prediction || isSettled(prediction)) return null
    const place = isWaiting(prediction) ? await runner.place(prediction) : null
    return {
      fraction: prediction.progress?.fraction ?? null,
      position: place === null ? null : place.before + 1,
    }
  }

  async function shownCell(seen: SeenGroup, cell: GroupCell): Promise<ShownCell> {
    if (!maySeeCell(deps, seen, cell)) return { kind: 'hidden', place: cell.place }
    if (cell.kind === 'planned') return cell
    return {
      ...cell,
      pending: isSettled(cell.run) ? null : await pendingOf(cell.run),
      judged: null,
    }
  }

  /** The same cells with what the viewer thinks of those that they may judge. */
  async function withVerdicts({ viewer, isShared }: SeenGroup, cells: readonly ShownCell[]) {
    const mayJudgeIt = (cell: ShownCell) =>
      cell.kind === 'run' && hasSucceeded(cell.run) && mayJudge(deps, viewer, cell.run, isShared)
    const judged = new Set(cells.filter(mayJudgeIt))
    const ids = [...judged].flatMap((cell) => (cell.kind === 'run' ? [cell.run.id] : []))
    const own = await store.judgementsBy(viewer.id, ids)
    return cells.map((cell) =>
      cell.kind === 'run' && judged.has(cell)
        ? { ...cell, judged: { verdict: own.get(cell.run.id)?.verdict ?? null } }
        : cell,
    )
  }

  async function wholeRun(cell: ShownCell | undefined): Promise<WholeRun | null> {
    if (cell?.kind !== 'run') return null
    // What runs here may be told a moment after the list has that it has ended: then it is drawn for the last time.
    const prediction = await (isSettled(cell.run) ? store : runner).find(cell.run.id)
    if (!prediction) return null
    const version = await store.findVersion(prediction.model, prediction.version)
    return { prediction, schema: version?.schema ?? unknownSchema }
  }

  /** The whole runs of a comparison, by their places. */
  async function wholeRuns({ kind }: RunGroup, cells: readonly ShownCell[]) {
    const runs = new Map<number, WholeRun>()
    for (const cell of kind === 'compare' ? cells : []) {
      const run = await wholeRun(cell)
      if (run) runs.set(cell.place, run)
    }
    return runs
  }

  /** What the runs of a panel have in common: of a sweep, all but the inputs that vary. */
  async function sharedOf(panel: GroupPanelProps): Promise<SharedInputs | null> {
    const { group, cells, whole } = panel
    if (group.kind === 'batch') return null
    const run = await wholeRun(cells.find(({ kind }) => kind === 'run'))
    if (!run) return null
    const varied = group.axes.map(({ input }) => input)
    const { same } = compareInputs([run, ...whole.values()].map(({ prediction }) => prediction))
    return { ...run, names: same.filter((name) => !varied.includes(name)) }
  }

  async function typicalMs({ models }: RunGroup): Promise<number | null> {
    const times = await Promise.all(models.map((model) => runTimes.typical(model)))
    const known = times.filter((time) => time !== null)
    return known.length === 0 ? null : Math.max(...known)
  }

  async function propsOf(
    seen: SeenGroup,
    { from, count, pollMs }: GroupView,
  ): Promise<GroupPanelProps> {
    const { group, viewer, isShared } = seen
    const counts = await countsOf(group)
    const progress = progressOf(group, counts)
    // Read before the runs: what changes in between is news to the next request.
    const state = await stateOf(group, counts)
    const limit = pageLength[group.kind]
    const range = { from, limit: limit + 1 }
    const plans = await store.plansOf(group.id, range)
    const found = cellsOf(await store.membersOf(group.id, range), plans, limit + 1)
    const cells: ShownCell[] = []
    for (const cell of found.slice(0, limit)) cells.push(await shownCell(seen, cell))
    const models = group.models.filter(
      (ref) => isShared || may(viewer, 'see', { model: runner.modelSubject(ref) }),
    )
    return {
      group: { ...group, models },
      progress,
      cells: await withVerdicts(seen, cells),
      whole: await wholeRuns(group, cells),
      from,
      next: found[limit]?.place ?? null,
      leftMs: isOver(group, progress) ? null : leftMs(progress, await typicalMs(group)),
      now: now(),
      may: permissionsOf(deps, seen),
      state,
      count,
      pollMs,
    }
  }

  return { openState, propsOf, sharedOf }
}

/** By a share link nothing is changed, and the forms of the models are for those who see the group anyway. */
function permissionsOf({ config }: Deps, { group, viewer, isShared }: SeenGroup): GroupPermissions {
  if (isShared) {
    const reuse = viewer.kind !== 'nobody' && may(viewer, 'see', { group })
    return { change: false, share: false, export: false, reuse }
  }
  return {
    change: may(viewer, 'change', { group }),
    share: config.shares !== 'off' && may(viewer, 'share', { group }),
    export: true,
    reuse: true,
  }
}

/** Whether the viewer of a group may see one of its cells: of a shared group, all of them. */
export function maySeeCell(deps: Deps, { viewer, isShared }: SeenGroup, cell: GroupCell): boolean {
  if (isShared) return true
  return cell.kind === 'planned'
    ? may(viewer, 'see', { model: deps.runner.modelSubject(cell.plan.model) })
    : mayWith(deps, viewer, 'see', cell.run)
}
