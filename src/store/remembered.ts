import type { Judgement, ModelScore } from '../domain/judgement/judgement.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { Share } from '../domain/people/share.ts'
import type { Prediction } from '../domain/prediction/prediction.ts'
import type { PredictionSummary } from '../domain/prediction/prediction-list.ts'
import { createMemo } from '../memo.ts'
import { after, withChanges } from './noticed.ts'
import type { RecordedChanges, Store } from './store.ts'

/** How much of each kind is kept, in UTF-16 units. */
const mostUnits = 2 * 2 ** 20

/**
 * The same store, which keeps what a page reads for its viewer until a write changes it: their last
 * runs of a model and how it was judged, whether a prediction is their favourite, what people think of it, its share
 * links and its sub-runs. What is kept is the same object each time, so that what was drawn of it stays valid. All
 * writes must come through it.
 */
export function rememberReads(store: Store): Store {
  const runs = createMemo<readonly PredictionSummary[]>(mostUnits, unitsOf)
  const favourites = createMemo<ReadonlySet<string>>(mostUnits, () => 0)
  const shares = createMemo<Share[]>(mostUnits, unitsOf)
  const judgements = createMemo<readonly Judgement[]>(mostUnits, unitsOf)
  const scores = createMemo<ModelScore | null>(mostUnits, () => 0)
  const children = createMemo<readonly PredictionSummary[]>(mostUnits, unitsOf)

  function changes({ model, createdBy, parent }: Prediction): void {
    runs.forget(keyOf(model, createdBy))
    if (parent !== null) children.forget(parent)
  }

  function forgetLists(): void {
    runs.clear()
    children.clear()
  }

  /** The changes that can have an entry in the audit log. */
  function forgetting(changed: RecordedChanges): Pick<RecordedChanges, Forgetting> {
    const forgetShares = () => shares.clear()
    const forgetAll = () => {
      forgetLists()
      forgetShares()
      scores.clear()
    }
    return {
      remove: (...given) => after(changed.remove(...given), forgetAll),
      setVisibility: (...given) => after(changed.setVisibility(...given), forgetAll),
      share: (share) => after(changed.share(share), () => shares.forget(share.of.id)),
      openShare: (...given) => after(changed.openShare(...given), forgetShares),
      endShares: (...given) => after(changed.endShares(...given), forgetShares),
      saveModelEdit: (...given) => after(changed.saveModelEdit(...given), forgetShares),
      changePerson: (id, changes) =>
        after(changed.changePerson(id, changes), () => {
          if (typeof changes.disabledAt === 'number') forgetShares()
        }),
    }
  }

  return {
    ...withChanges(store, forgetting),
    lastRuns: (model, viewer) =>
      runs.read(keyOf(model, viewer), () => store.lastRuns(model, viewer)),
    favouritesAmong(viewer, predictions) {
      const [id, ...others] = predictions
      if (id === undefined || others.length > 0) return store.favouritesAmong(viewer, predictions)
      return favourites.read(`${id} ${viewer}`, () => store.favouritesAmong(viewer, predictions))
    },
    judgementsOf: (prediction) => judgements.read(prediction, () => store.judgementsOf(prediction)),
    modelScore: (model) => scores.read(modelName(model), () => store.modelScore(model)),
    childrenOf: (prediction) => children.read(prediction, () => store.childrenOf(prediction)),
    sharesOf: (thing) => shares.read(thing.id, () => store.sharesOf(thing)),

    accept: (prediction, ...more) =>
      after(store.accept(prediction, ...more), () => changes(prediction)),
    save: (previous, next) => after(store.save(previous, next), () => changes(next)),
    setFavourite: (viewer, prediction, isFavourite) =>
      after(store.setFavourite(viewer, prediction, isFavourite), () =>
        favourites.forget(`${prediction.id} ${viewer}`),
      ),
    judge: (judgement) =>
      after(store.judge(judgement), () => {
        judgements.forget(judgement.prediction)
        scores.clear()
      }),
    choose: (choice) => after(store.choose(choice), () => scores.clear()),
    removeGroup: (...given) => after(store.removeGroup(...given), () => shares.clear()),
    removeData: (...given) => after(store.removeData(...given), forgetLists),
  }
}

/** The changes that make what is kept invalid. */
type Forgetting =
  | 'remove'
  | 'setVisibility'
  | 'share'
  | 'openShare'
  | 'endShares'
  | 'saveModelEdit'
  | 'changePerson'

function keyOf(model: ModelRef, viewer: string): string {
  return `${modelName(model)} ${viewer}`
}

function unitsOf(value: readonly object[]): number {
  return JSON.stringify(value).length
}
