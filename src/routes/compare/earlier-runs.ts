import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import type { Entry } from '../../domain/form/fields/field-type.ts'
import { readAsForm } from '../../domain/form/form-json.ts'
import { type ComparedValues, scopeOf } from '../../domain/group/comparison.ts'
import type { PlannedRun, RunGroup } from '../../domain/group/group.ts'
import { formatJson } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { sameModel } from '../../domain/model-ref.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { earlierIn } from '../forms/open-form.ts'
import { findGroup } from '../groups/find-group.ts'
import { mayWith } from '../request/rights.ts'

/** A page beyond these is too wide to be compared. */
export const mostModels = 10

/** A run of which a form takes the inputs over. */
export type EarlierRun = Pick<PlannedRun, 'model' | 'input' | 'files'>

/** The predictions that a link names, without those that the viewer may not see. */
export async function earlierRuns(
  deps: Deps,
  viewer: Viewer,
  ids: readonly string[],
): Promise<readonly EarlierRun[]> {
  const found = ids.slice(0, mostModels).map((id) => earlierIn(deps, viewer, { from: [id] }))
  return (await Promise.all(found)).filter((run) => run !== null)
}

/** The group whose runs are shown below the form; null when there is no such comparison. */
export async function comparedGroup(
  deps: Deps,
  viewer: Viewer,
  id: string,
): Promise<RunGroup | null> {
  const group = await findGroup(deps, viewer, id, 'see')
  return group?.kind === 'compare' ? group : null
}

/** The runs of a group, made or planned, without those that the viewer may not see. */
export async function runsOfGroup(
  deps: Deps,
  viewer: Viewer,
  { id }: RunGroup,
): Promise<readonly EarlierRun[]> {
  const { store, runner } = deps
  // Read before the predictions: a run that becomes one in between is in both.
  const planned = await store.nextPlanned(id, { from: 0, limit: mostModels })
  const members = await store.membersOf(id, { from: 0, limit: mostModels })
  const seen = members.filter((member) => mayWith(deps, viewer, 'see', member))
  const made = await Promise.all(seen.map((member) => runner.find(member.id)))
  return [...planned, ...made.filter((run) => run !== null)]
}

/** The inputs of runs, each for its model alone: those that are shared follow from them. */
export function valuesOfRuns(
  models: readonly Model[],
  runs: readonly EarlierRun[],
): ComparedValues {
  const inputs = new Map<string, readonly Entry[]>()
  const kept: StoredFile[] = []
  for (const run of runs) {
    const model = models.find(({ ref }) => sameModel(ref, run.model))
    if (!model) continue
    const read = readAsForm(model.version.schema, formatJson(run.input), run.files)
    if (!read.ok) continue
    for (const [name, entries] of read.submission) inputs.set(scopeOf(model.ref) + name, entries)
    kept.push(...run.files)
  }
  return { inputs, kept }
}
