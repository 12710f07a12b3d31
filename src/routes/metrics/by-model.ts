import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { ranMs, waitedMs } from '../../domain/prediction/durations.ts'
import { hasSucceeded, type Prediction, type Status } from '../../domain/prediction/prediction.ts'
import { addDuration, addDurations, type Durations, noDurations } from './durations.ts'

/** Models with a label of their own: the first whose runs ended. The rest is `other` together. */
export const mostModels = 100

/** The runs of a model, or of several, that ended. */
export interface ModelRuns {
  readonly ends: Map<Status, number>
  /** Of those that began. */
  readonly waited: Durations
  /** Of those that succeeded. */
  readonly ran: Durations
}

interface OneModel extends ModelRuns {
  readonly ref: ModelRef
  /** Whether it was private when its last run ended: it may be gone. */
  wasPrivate: boolean
}

export type RunsByModel = ReturnType<typeof createRunsByModel>

/** Counts the runs of each model. */
export function createRunsByModel(isPrivate: (ref: ModelRef) => boolean) {
  const models = new Map<string, OneModel>()
  const others = noRuns()

  function runsOf(ref: ModelRef): ModelRuns {
    const name = modelName(ref)
    if (!models.has(name) && models.size >= mostModels) return others
    const runs = models.get(name) ?? { ...noRuns(), ref, wasPrivate: false }
    runs.wasPrivate = isPrivate(ref)
    models.set(name, runs)
    return runs
  }

  return {
    /** To be called with each run that has ended. */
    ended: (prediction: Prediction): void => count(runsOf(prediction.model), prediction),
    /** The runs by the label of their model. Private models have one label together: their names are not for everyone. */
    byLabel(): ReadonlyMap<string, ModelRuns> {
      const labels = new Map<string, ModelRuns>()
      for (const [name, runs] of models) {
        const label = runs.wasPrivate || isPrivate(runs.ref) ? 'private' : name
        labels.set(label, addedUp(labels.get(label), runs))
      }
      return others.ends.size === 0 ? labels : labels.set('other', others)
    },
  }
}

function count({ ends, waited, ran }: ModelRuns, prediction: Prediction): void {
  const { status, startedAt } = prediction
  ends.set(status, (ends.get(status) ?? 0) + 1)
  if (startedAt !== null) addDuration(waited, waitedMs(prediction) ?? 0)
  if (hasSucceeded(prediction)) addDuration(ran, ranMs(prediction) ?? 0)
}

function noRuns(): ModelRuns {
  return { ends: new Map(), waited: noDurations(), ran: noDurations() }
}

function addedUp(runs = noRuns(), more: ModelRuns): ModelRuns {
  for (const [status, found] of more.ends)
    runs.ends.set(status, (runs.ends.get(status) ?? 0) + found)
  addDurations(runs.waited, more.waited)
  addDurations(runs.ran, more.ran)
  return runs
}
