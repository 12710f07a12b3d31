import { createHash } from 'node:crypto'
import type { PlannedRun, RunGroup } from '../../domain/group/group.ts'
import { formatJson } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, sameModel } from '../../domain/model-ref.ts'
import { splitSecrets } from '../../domain/schema/secrets.ts'
import { createTurns } from '../../sleep.ts'
import type { IdempotencyKey } from '../../store/store.ts'
import type { RunnerOptions } from '../options.ts'
import { createOwnInput, type GivenInput } from '../own-input.ts'

/** A run that is asked for as a part of a group: its input is valid for its model. */
export interface GroupRun extends GivenInput {
  /** As in `GroupPlace`. Each place once. */
  readonly place: number
  readonly model: Model
}

export interface GroupRequest extends Pick<RunGroup, 'kind' | 'title' | 'axes' | 'source'> {
  readonly runs: readonly GroupRun[]
  readonly createdBy: string
  readonly account?: string
  /** Public by default. A group with a run of a private model is private, with all of its runs. */
  readonly visibility?: RunGroup['visibility']
  /** The hidden key of its form; null when it did not come from a form. */
  readonly formKey: string | null
}

/** Within this time, a second press on Run with the same form and the same runs is a double click. */
const doubleClickMs = 10_000

/** Runs that are kept in one write. */
const atOnce = 25

/** Keeps the plan of a new group, and opens it: all of it or nothing. */
export function createPlanning(options: RunnerOptions) {
  const { store, now, newId, seal } = options
  const ownInput = createOwnInput(options)

  async function plannedOf({ place, model, ...given }: GroupRun): Promise<PlannedRun> {
    const { schema, id: version } = model.version
    const { input, files } = await ownInput(schema, given)
    const { shown, secrets } = splitSecrets(schema, input)
    const sealed = Object.keys(secrets).length > 0 ? seal.close(formatJson(secrets)) : null
    return { place, model: model.ref, version, input: shown, files, sealed, problem: null }
  }

  return async (request: GroupRequest): Promise<RunGroup> => {
    const group = groupOf(request, newId(), now())
    const kept = await store.addGroup(group, await pressOf(request, group))
    if (kept !== group) return kept
    const turn = createTurns()
    for (let from = 0; from < request.runs.length; from += atOnce) {
      const planned: PlannedRun[] = []
      for (const run of request.runs.slice(from, from + atOnce)) {
        planned.push(await plannedOf(run))
        await turn()
      }
      await store.planRuns(group, planned)
    }
    await store.openGroup(group.id)
    return group
  }
}

function groupOf(request: GroupRequest, id: string, createdAt: number): RunGroup {
  const { kind, title, axes, source, runs, createdBy, account = createdBy } = request
  const isPrivate = runs.some(({ model }) => model.visibility === 'private')
  return {
    id,
    kind,
    title,
    axes,
    models: modelsOf(runs),
    size: runs.length,
    stopped: null,
    source,
    createdBy,
    account,
    visibility: isPrivate ? 'private' : (request.visibility ?? 'public'),
    createdAt,
  }
}

function modelsOf(runs: readonly GroupRun[]): readonly ModelRef[] {
  const models: ModelRef[] = []
  // Most runs have the model of the one before.
  for (const { ref } of new Set(runs.map(({ model }) => model)))
    if (!models.some((one) => sameModel(one, ref))) models.push(ref)
  return models
}

/** The same form with other runs is another press. */
async function pressOf(
  { formKey, kind, runs }: GroupRequest,
  group: RunGroup,
): Promise<IdempotencyKey | null> {
  if (formKey === null) return null
  const turn = createTurns()
  const hash = createHash('sha256').update(
    `${kind} ${formatJson(group.axes.flatMap(({ input, values }) => [input, ...values]))}`,
  )
  for (const { place, model, input } of runs) {
    const { shown } = splitSecrets(model.version.schema, input)
    hash.update(formatJson([place, model.version.id, shown]))
    await turn()
  }
  return {
    key: `${formKey}-${hash.digest('hex').slice(0, 32)}`,
    since: group.createdAt - doubleClickMs,
  }
}
