import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { runEstimate } from '../../../views/form/run-bar.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { may } from '../../domain/policy.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { createMemo } from '../../memo.ts'
import { quotaUsed } from '../forms/quota-used.ts'
import { runChoiceOf } from '../forms/run-choice.tsx'
import { isFavourite } from '../history/favourites.tsx'
import { judgementBox } from '../judgement/judgement-box.ts'
import { shownScore } from '../judgement/shown-score.ts'
import { currentEstimate, currentHealth, currentWarmth } from '../model-state.ts'
import { type Panels, viewOf } from '../panels/panels.ts'
import { drawPrediction, makerOf } from '../prediction.tsx'
import { pageEncoding } from '../request/compression.ts'
import { createIdentities } from '../request/identities.ts'
import { pageTemplate, render } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { drawResult } from '../workspace/drawn-workspace.tsx'
import { earlierTurns } from '../workspace/earlier-turns.ts'
import { lastRuns } from '../workspace/last-runs.tsx'
import { type EncodedPage, type KeptPage, keepPage } from './kept-page.ts'

/** How much is kept, in bytes. */
const mostBytes = 4 * 2 ** 20

export type SettledPages = ReturnType<typeof createSettledPages>

/**
 * The pages of settled predictions. They are kept under a key of everything they show besides the
 * prediction: what its viewer may do and has done, and the state of models. So a change of any of it
 * is another key, and viewers who would see a difference never share a page.
 */
export function createSettledPages(deps: Deps, panels: Panels) {
  const kept = createMemo<KeptPage>(mostBytes, ({ size }) => size)
  const keyMark = deps.newId()
  const { numberOf, listKey, ofPrediction } = createFacts(deps, panels)

  /** The page under the key, else as drawn. */
  async function open(
    c: Context,
    facts: () => Promise<readonly unknown[]>,
    draw: () => Promise<Child>,
  ): Promise<EncodedPage> {
    const { variant, host, person } = pageTemplate(c, deps, { host: keyMark, person: keyMark })
    const encoding = pageEncoding(c)
    const readKey = async () => [encoding, variant, host, person, ...(await facts())].join('\n')
    const key = await readKey()
    const page = await kept.read(key, async () => {
      const html = await render(c, deps, await draw())
      // Something may have changed while it was drawn.
      if ((await readKey()) !== key) kept.forget(key)
      return keepPage(html, keyMark, encoding)
    })
    return { encoding, bytes: page.bytes(deps.newId()) }
  }

  return {
    /** The page at the address of a prediction. */
    record: (c: Context, prediction: Prediction): Promise<EncodedPage> =>
      open(
        c,
        () => ofPrediction(c, prediction),
        () => drawPrediction(c, deps, panels, prediction),
      ),
    /** The form of a model with the inputs of a prediction, beside its result. */
    async result(c: Context, model: Model, prediction: Prediction): Promise<EncodedPage> {
      const facts = async () => {
        const latest = await usableModels(deps, viewerOf(c, deps)).findSoon(model.ref)
        const { runs } = await lastRuns(c, deps, model.ref)
        const earlier = await earlierTurns(c, deps, model.version.schema, prediction)
        return [
          ...(await ofPrediction(c, prediction)),
          numberOf(model),
          latest && numberOf(latest),
          runs.length > 0 && listKey(runs),
          currentWarmth(deps, model),
          await currentEstimate(deps, model, viewerOf(c, deps).id),
          await quotaUsed(c, deps),
          JSON.stringify(currentHealth(deps, model)),
          JSON.stringify(await shownScore(c, deps, model.ref)),
          may(viewerOf(c, deps), 'change', { model }),
          JSON.stringify(runChoiceOf(deps, viewerOf(c, deps), model, prediction)),
          earlier.map(({ prediction: { id } }) => id).join(),
        ]
      }
      const shown = { model, prediction, formKey: keyMark }
      return open(c, facts, () => drawResult(c, deps, panels, shown))
    },
  }
}

/** Whether the pages of a prediction are kept: those that show deliveries to a webhook change too often. */
export function isPageKept(prediction: Prediction): boolean {
  return isSettled(prediction) && prediction.webhook === null
}

/** Reads what the pages of a prediction show besides it. */
function createFacts(deps: Deps, { relatedModels }: Panels) {
  const { store, runTimes } = deps
  const numberOf = createIdentities()
  // The store answers the same list again where it is alone on its database.
  const listKey = deps.isShared ? (list: readonly object[]) => JSON.stringify(list) : numberOf

  async function ofPrediction(c: Context, prediction: Prediction) {
    const { id, revision, model, group } = prediction
    const viewer = viewerOf(c, deps)
    const view = viewOf(deps, viewer, prediction)
    const typicalMs = await runTimes.typical(model)
    return [
      id,
      revision,
      view.name,
      may(viewer, 'change', { model: deps.runner.modelSubject(model) }),
      JSON.stringify(await makerOf(c, deps, prediction)),
      await isFavourite(c, deps, id),
      JSON.stringify(await judgementBox(c, deps, prediction)),
      view.may.share && listKey(await store.sharesOf({ kind: 'prediction', id })),
      view.may.share && group && listKey(await store.sharesOf({ kind: 'group', id: group.id })),
      listKey(await store.childrenOf(id)),
      runEstimate({ typicalMs, isCold: false, bootMs: null, ahead: 0 }),
      await relatedModels(prediction, viewer),
    ]
  }

  return { numberOf, listKey, ofPrediction }
}
