import type { Changes } from '../../changes/changes.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { isSettled, isWaiting, type Prediction } from '../../domain/prediction/prediction.ts'
import type { LiveReplica, Replicas } from '../../store/replicas.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Journal } from '../journal/journal.ts'
import { createOneByOne } from './one-by-one.ts'

interface SharingOptions {
  readonly replicas: Replicas
  readonly changes: Changes
  readonly catalogue: Catalogue
  readonly journal: Pick<Journal, 'find'>
  /** Whether this replica has lost touch with the database. */
  isStalled(): boolean
  /** Goes on with a prediction that this replica owns and does not run. */
  takeUp(id: string): Promise<void>
}

export type Sharing = ReturnType<typeof createSharing>

/** What the scheduler of one replica does since there are others. */
export function createSharing(options: SharingOptions) {
  const { replicas, changes, catalogue, journal, isStalled, takeUp } = options
  const moved = new Set<string>()
  let others: readonly LiveReplica[] = []
  let own: LiveReplica['models'] = []

  function versionsIn(models: LiveReplica['models'], ref: ModelRef): readonly string[] {
    return models.filter(({ name }) => name === modelName(ref)).map(({ version }) => version)
  }

  return {
    isStalled,
    takeUp,
    oneByOne: createOneByOne(),
    /** To be called with the replicas that live. */
    know(alive: readonly LiveReplica[]): void {
      others = alive.filter(({ id, isDraining }) => id !== replicas.id && !isDraining)
      own = alive.find(({ id }) => id === replicas.id)?.models ?? []
    },
    /** Whether another replica has a model that runs in its own process. */
    hasElsewhere: (ref: ModelRef): boolean =>
      others.some(({ models }) => models.some(({ name }) => name === modelName(ref))),
    /** The versions of a model that other replicas have and this one has not. */
    versionsOfOthers({ ref, version }: Model): readonly string[] {
      const here = new Set([version.id, ...versionsIn(own, ref)])
      const there = others.flatMap(({ models }) => versionsIn(models, ref))
      return [...new Set(there)].filter((one) => !here.has(one))
    },
    /** Notes that a queue has changed here: others are told of it when something waits after the next claim. */
    moved(ref: ModelRef): void {
      moved.add(modelName(ref))
    },
    /** To be called after each claim. `isMore`: whether others may still wait. */
    tellOfWaiting(ref: ModelRef, claimed: number, isMore: boolean): void {
      const model = modelName(ref)
      const isMoved = moved.delete(model)
      if (isMore && (isMoved || claimed > 0)) changes.tell({ type: 'queue', model })
    },
    /**
     * Whether a prediction that was claimed cannot simply run: another run of it was cut short, or the run
     * that asked for it is over.
     */
    async mustBeTakenUp(prediction: Prediction): Promise<boolean> {
      const wasCut = !isWaiting(prediction) && !catalogue.canResume(prediction)
      return wasCut || isWithoutParent(prediction, journal)
    },
  }
}

/** Whether a sub-run outlived the run that asked for it. */
export async function isWithoutParent(
  { parent: id }: Prediction,
  journal: Pick<Journal, 'find'>,
): Promise<boolean> {
  if (id === null) return false
  const parent = await journal.find(id)
  return parent === null || isSettled(parent)
}
