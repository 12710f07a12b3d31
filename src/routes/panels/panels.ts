import type { Context } from 'hono'
import type { PredictionPanelProps } from '../../../views/panel/prediction-panel.tsx'
import type { Deps } from '../../deps.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { isMadeFor, may } from '../../domain/policy.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { predictionJson } from '../api/predictions/prediction-json.ts'
import { linksOf } from '../files/output-formats.ts'
import { mayWith, modelsKey } from '../request/rights.ts'
import { viewerNow } from '../request/sender.ts'
import { viewerOf } from '../request/viewer.ts'
import type { BufferedResponse } from './deferred-response.ts'
import { createHeldAnswers } from './held-answers.ts'
import {
  createPanelRenderer,
  isSameButPlace,
  type PanelRequest,
  type PanelView,
} from './panel-renderer.tsx'

/** How often a page without scripts reloads: less often the longer the run takes. */
const refresh = { firstSeconds: 2, lastSeconds: 10 }

export type Panels = ReturnType<typeof createPanels>

/** Answers requests for panels, at once or when there is something new to show (long polling). */
export function createPanels(deps: Deps) {
  const { runner, config } = deps
  const renderer = createPanelRenderer(deps)
  const held = createHeldAnswers(deps, {
    async openState(id) {
      const prediction = await runner.find(id)
      return prediction && !isSettled(prediction) ? renderer.stateOf(prediction) : null
    },
    isDisputed: isSameButPlace,
  })
  runner.listen(renderer.forget)

  function requestOf(c: Context, prediction: Prediction, given?: PanelView): PanelRequest {
    const view = given ?? viewOf(deps, viewerOf(c, deps), prediction)
    const isJson = c.req.query('as') === 'json'
    return {
      id: prediction.id,
      view,
      count: c.req.query('n') === '1' ? '2' : '1',
      json:
        isJson && isSettled(prediction)
          ? predictionJson(prediction, linksOf(c, deps, { prediction, paths: view.paths }))
          : null,
    }
  }

  return {
    /** See `createRelatedModels`. */
    relatedModels: renderer.relatedModels,

    /** The props of the panel on a whole page. */
    props: (c: Context, prediction: Prediction, view?: PanelView): Promise<PredictionPanelProps> =>
      renderer.props(prediction, requestOf(c, prediction, view)),

    /** Sends the panel: at once, or, for a request that says what it has seen, once there is news. */
    async answer(c: Context, prediction: Prediction, shared?: SharedView) {
      const request = requestOf(c, prediction, shared?.view)
      const canWait = c.req.method === 'GET' && !isSettled(prediction)
      const seen = canWait ? c.req.query('seen') : undefined
      if (seen === undefined) {
        const panel = await renderer.draw(request, config.pollMs)
        return new Response(panel.body, panel)
      }
      const viewNow = shared?.viewNow ?? (() => viewOfNow(c, deps, prediction.id))
      return held.answer(c, {
        id: prediction.id,
        seen,
        async draw(pollMs) {
          const view = await viewNow()
          const panel = view
            ? await renderer.draw({ ...request, view }, pollMs)
            : await (shared?.gone?.() ?? renderer.gone(request.view))
          return { ...panel, headers: { ...panel.headers, ...shared?.headers } }
        },
      })
    },
  }
}

/** A panel at an address of its own, which may end while a request is held. */
export interface SharedView {
  readonly view: PanelView
  /** The view as it is now; null when the address is over. */
  readonly viewNow: () => Promise<PanelView | null>
  /** What is sent then; that the prediction is not found when left out. */
  readonly gone?: () => Promise<BufferedResponse>
  /** More headers of the answers to held requests, which no middleware sees. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The kind of the viewer of a held request as it is now; null when they may not see the prediction any more. */
async function viewOfNow(c: Context, deps: Deps, id: string): Promise<PanelView | null> {
  const viewer = await viewerNow(c, deps)
  const prediction = await deps.runner.find(id)
  const maySee = prediction && mayWith(deps, viewer, 'see', prediction)
  return maySee ? viewOf(deps, viewer, prediction) : null
}

/** The kind of a viewer, for a prediction at its own address. */
export function viewOf(deps: Deps, viewer: Viewer, prediction: Prediction): PanelView {
  const model = deps.runner.modelSubject(prediction.model)
  const thing = { prediction, of: model }
  const own = may(viewer, 'delete', thing)
  const rerun = may(viewer, 'run', { model })
  const isTheirs = isMadeFor(viewer, prediction)
  const hasData = prediction.dataRemovedAt === null
  const mayShare = hasData && deps.config.shares !== 'off'
  return {
    name: `${own ? 'own' : 'seen'} ${rerun} ${isTheirs} ${modelsKey(deps, viewer)}`,
    viewer,
    isTheirs,
    paths: deps.paths,
    may: {
      cancel: may(viewer, 'cancel', thing),
      rerun: rerun && hasData,
      tweak: hasData && may(viewer, 'see', { model }),
      follow: true,
      share: mayShare && may(viewer, 'share', thing),
      delete: own,
    },
  }
}

/** Seconds after which a page without scripts reloads. */
export function refreshSeconds({ live }: PredictionPanelProps): number {
  const grown = refresh.firstSeconds + Math.floor(Number(live.elapsed) / 10)
  return Math.min(refresh.lastSeconds, grown)
}
