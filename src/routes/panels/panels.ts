import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from 'hono'
import type { PredictionPanelProps } from '../../../views/panel/prediction-panel.tsx'
import type { Deps } from '../../deps.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { isMadeFor, may } from '../../domain/policy.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { predictionJson } from '../api/predictions/prediction-json.ts'
import { linksOf } from '../files/output-formats.ts'
import { clientAddress } from '../request/connection.ts'
import { mayWith, modelsKey } from '../request/rights.ts'
import { viewerNow } from '../request/sender.ts'
import { viewerOf } from '../request/viewer.ts'
import { type BufferedResponse, type OnDisconnect, sendLater } from './deferred-response.ts'
import { createHeldRequests } from './held-requests.ts'
import {
  createPanelRenderer,
  isSameButPlace,
  type PanelRequest,
  type PanelView,
} from './panel-renderer.tsx'

/** The poll interval of panels while no more requests can be held. */
const crowdedPollMs = 3_000
/** The same while this server drains: soon, as another replica gets the next request. */
const drainingPollMs = 1_000

/** The most that a viewer is sent, on average: large panels come less often. */
const bytesPerMs = 400
const shortestWaitMs = 5

/** How long replicas may disagree on the place of a prediction, in milliseconds. */
const agreedMs = 300

/** How often a page without scripts reloads: less often the longer the run takes. */
const refresh = { firstSeconds: 2, lastSeconds: 10 }

export type Panels = ReturnType<typeof createPanels>

/** Answers requests for panels, at once or when there is something new to show (long polling). */
export function createPanels(deps: Deps) {
  const { runner, config, log, isShared, draining } = deps
  const held = createHeldRequests((id) =>
    runner.watch(id, () => {
      wake(id).catch(onError)
    }),
  )
  const renderer = createPanelRenderer(deps)
  draining?.addEventListener('abort', held.wakeAll)
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

  /** The state of an unsettled panel; null when the browser need not ask again. */
  async function openState(prediction: Prediction | null): Promise<string | null> {
    return prediction && !isSettled(prediction) ? renderer.stateOf(prediction) : null
  }

  async function wake(id: string): Promise<void> {
    held.wake(id, await openState(await runner.find(id)))
  }

  /** Resolves with true when there is news, with false on disconnect. Null when no more can be held. */
  async function news(id: string, seen: string, address: string, onDisconnect: OnDisconnect) {
    if (draining?.aborted) return null
    const waiting = held.wait({ address, id, seen }, onDisconnect)
    if (!waiting) return null
    // The prediction may have changed between the first look at it and the wait.
    const state = await openState(await runner.find(id))
    if (state !== seen) {
      if (isShared && state !== null && isSameButPlace(state, seen)) wakeLater(id)
      else await wake(id)
    }
    return waiting
  }

  /**
   * Replicas may disagree for a moment on the place of a prediction. A browser that asks them in turns would be
   * answered at once by each.
   */
  function wakeLater(id: string): void {
    setTimeout(() => wake(id).catch(onError), agreedMs).unref()
  }

  function onError(error: unknown): void {
    log.error({ error }, 'Those who watch were not told')
  }

  /** When the browser asks again; null for at once. */
  function pollMsAfter(isNew: true | null): number | null {
    if (draining?.aborted) return config.pollMs ?? drainingPollMs
    return isNew ? null : (config.pollMs ?? crowdedPollMs)
  }

  /** The panel as soon as it differs from `seen` and the viewer may be sent more. Null on disconnect. */
  async function whenNew(
    { request, seen, address, viewNow }: Holding,
    onDisconnect: OnDisconnect,
  ): Promise<BufferedResponse | null> {
    const since = performance.now()
    const isNew =
      config.pollMs === null ? await news(request.id, seen, address, onDisconnect) : null
    if (isNew === false) return null
    const pollMs = pollMsAfter(isNew)
    const view = await viewNow()
    if (!view) return renderer.gone(request.view)
    const response = await renderer.draw({ ...request, view }, pollMs)
    const wait = response.body.length / bytesPerMs - (performance.now() - since)
    if (wait <= shortestWaitMs) return response
    await sleep(wait)
    const later = await viewNow()
    return later ? renderer.draw({ ...request, view: later }, pollMs) : renderer.gone(view)
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
      const address = clientAddress(c, deps)
      const viewNow = shared?.viewNow ?? (() => viewOfNow(c, deps, prediction.id))
      const holding = { request, seen, address, viewNow }
      return sendLater(c, log, (onDisconnect) => whenNew(holding, onDisconnect))
    },
  }
}

/** A panel at an address of its own, which may end while a request is held. */
export interface SharedView {
  readonly view: PanelView
  /** The view as it is now; null when the address is over. */
  readonly viewNow: () => Promise<PanelView | null>
}

interface Holding extends Pick<SharedView, 'viewNow'> {
  readonly request: PanelRequest
  readonly seen: string
  readonly address: string
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
