import type { PlannedRun, RunGroup } from '../../domain/group/group.ts'
import { isObject, type JsonObject, parseJson } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import type { Quota } from '../../domain/people/quota.ts'
import { quotaSentence } from '../../domain/people/quota-words.ts'
import { may } from '../../domain/policy.ts'
import { StillReading } from '../../domain/unavailable.ts'
import type { Started, StartRequest } from '../acceptance.ts'
import type { RunnerOptions } from '../options.ts'

export interface StartPlannedOptions extends Pick<RunnerOptions, 'store' | 'viewerOf' | 'seal'> {
  findModel(ref: ModelRef, version: string): Promise<Model | null>
  start(request: StartRequest): Promise<Started>
  /** The limits of somebody; null for none. */
  quotaOf(account: string): Promise<Quota | null>
}

/** What came of a planned run. */
export type Outcome =
  | { readonly kind: 'made' }
  /** It can be tried again after `ms`. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** It becomes no prediction. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** None of the group is started any more. */
  | { readonly kind: 'stop'; readonly reason: string }

/** A run whose model is there, and is still to be run by the maker of the group. */
interface Ready {
  readonly model: Model
  readonly input: JsonObject
}

/** Between two tries while a model takes no runs, in milliseconds. */
const fullMs = 1_000
/** The same while the limit of a minute is used up. */
const minuteMs = 5_000

/** Makes predictions of planned runs, by the rights and limits that their maker has now. */
export function createStartPlanned(options: StartPlannedOptions) {
  const { findModel, start, quotaOf, viewerOf, seal } = options

  function inputOf({ input, sealed }: PlannedRun): JsonObject | null {
    if (sealed === null) return input
    const opened = seal.open(sealed)
    const secrets = opened === null ? null : parseJson(opened)
    return secrets !== null && isObject(secrets) ? { ...input, ...secrets } : null
  }

  /** The model and the input, or why there are none. */
  async function read(group: RunGroup, run: PlannedRun): Promise<Ready | Outcome> {
    const name = modelName(run.model)
    const model = await findModel(run.model, run.version)
    if (!model || !may(await viewerOf(group.createdBy), 'run', { model }))
      return refused(`There is no model ${name} any more.`)
    if (model.version.id !== run.version)
      return refused(`${name} has another version since, whose inputs may differ.`)
    if (model.broken !== null) return refused(`${name} cannot run: ${model.broken}`)
    const input = inputOf(run)
    return input ? { model, input } : refused(keyChanged)
  }

  function ready(group: RunGroup, run: PlannedRun): Promise<Ready | Outcome> {
    return read(group, run).catch(waitingFor)
  }

  /** `isListed`: whether it stands for the group in lists. */
  async function startPlanned(
    group: RunGroup,
    run: PlannedRun,
    isListed: boolean,
  ): Promise<Outcome> {
    const { createdBy, account, source, visibility } = group
    const found = await ready(group, run)
    if ('kind' in found) return found
    const { files, place } = run
    const started = await start({
      ...found,
      createdBy,
      account,
      source,
      visibility,
      files,
      formKey: null,
      group: { id: group.id, place, isListed },
      quota: await quotaOf(createdBy),
    })
    return started.ok ? { kind: 'made' } : outcomeOf(started)
  }

  return { ready, startPlanned }
}

function outcomeOf(started: Exclude<Started, { readonly ok: true }>): Outcome {
  if (started.reason !== 'quota') return { kind: 'wait', ms: fullMs }
  const { exceeded } = started
  if (exceeded.limit === 'waiting') return { kind: 'wait', ms: fullMs }
  if (exceeded.limit === 'perMinute') return { kind: 'wait', ms: minuteMs }
  return { kind: 'stop', reason: quotaSentence(exceeded) }
}

function waitingFor(error: unknown): Outcome {
  if (error instanceof StillReading) return { kind: 'wait', ms: fullMs }
  throw error
}

function refused(problem: string): Outcome {
  return { kind: 'refused', problem }
}

const keyChanged = 'A secret input could not be read because the server’s key has changed.'
