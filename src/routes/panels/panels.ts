import type { Context } from 'hono'
import type { PredictionPanelProps } from '../../../views/panel/prediction-panel.tsx'
import type { Deps } from '../../deps.ts'
import { may, type Viewer } from '../../domain/policy.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Paths } from '../../paths.ts'
import { clientAddress } from '../request/connection.ts'
import { viewerOf } from '../request/viewer.ts'
import {
  type DeferredResponse,
  type OnDisconnect,
  sendLater,
  sendNow,
} from './deferred-response.ts'
import { createHeldRequests } from './held-requests.ts'
import { createPanelRenderer, type PanelRequest, type PanelView } from './panel-renderer.tsx'

/** When no more requests can be held, panels ask again after this. */
const crowdedPollMs = 3_000

/** A viewer is sent no more than this: large panels come less often. */
const unitsPerMs = 200
const shortestWaitMs = 5

/** A browser without scripts asks again after 2 s, and less often the longer it takes. */
const refresh = { firstSeconds: 2, lastSeconds: 10 }

export type Panels = ReturnType<typeof createPanels>

/** The panels of predictions, each answered at once or when it has something new to show. */
export function createPanels(deps: Deps) {
  const { runner, config, log } = deps
  const holds = createHeldRequests()
  const drawing = createPanelRenderer(deps)
  runner.listen((id) => {
    drawing.forget(id)
    if (holds.isWatched(id))
      wake(id).catch((error) => log.error({ error }, 'Those who watch were not told'))
  })

  function askedBy(c: Context, prediction: Prediction, given?: PanelView): PanelRequest {
    const view = given ?? viewOf(viewerOf(c, deps), prediction, deps.paths)
    // Another than the panel had that asks: so each asks in its turn.
    return { id: prediction.id, view, count: c.req.query('n') === '1' ? '2' : '1' }
  }

  /** What a browser has when it has seen all there is; null when it need not ask again. */
  function openState(prediction: Prediction | null): string | null {
    return prediction && !isSettled(prediction) ? drawing.stateOf(prediction) : null
  }

  async function wake(id: string): Promise<void> {
    holds.wake(id, openState(await runner.find(id)))
  }

  /** Resolves when there is news: true, or false when nobody waits for it any more. Null: no room. */
  async function news(id: string, seen: string, address: string, onGone: OnDisconnect) {
    const waiting = holds.wait({ address, id, seen }, onGone)
    if (!waiting) return null
    // Between the look that found nothing new and the wait there may have been some.
    if (openState(await runner.find(id)) !== seen) await wake(id)
    return waiting
  }

  /** The panel once there is news of it, and no more of it than this viewer may be sent. */
  function whenNew(asked: PanelRequest, seen: string, address: string): DeferredResponse {
    const since = performance.now()
    return async (onGone) => {
      const held = config.pollMs === null ? await news(asked.id, seen, address, onGone) : null
      if (held === false) return null
      const pollMs = held ? null : (config.pollMs ?? crowdedPollMs)
      const answer = await drawing.draw(asked, pollMs)
      const wait = answer.body.length / unitsPerMs - (performance.now() - since)
      if (wait <= shortestWaitMs) return answer
      await new Promise((resolve) => setTimeout(resolve, wait))
      return drawing.draw(asked, pollMs)
    }
  }

  return {
    /** What a panel on a whole page is drawn with. */
    props: (c: Context, prediction: Prediction, view?: PanelView): Promise<PredictionPanelProps> =>
      drawing.props(prediction, askedBy(c, prediction, view)),

    /** Answers with the panel: at once, or, when the viewer says what they have seen, once there is news. */
    async answer(c: Context, prediction: Prediction, view?: PanelView) {
      const asked = askedBy(c, prediction, view)
      const canWait = c.req.method === 'GET' && !isSettled(prediction)
      const seen = canWait ? c.req.query('seen') : undefined
      if (seen === undefined) return sendNow(await drawing.draw(asked, config.pollMs))
      return sendLater(c, log, whenNew(asked, seen, clientAddress(c, deps)))
    },
  }
}

function viewOf(viewer: Viewer, prediction: Prediction, paths: Paths): PanelView {
  const own = may(viewer, 'delete', prediction)
  return {
    name: own ? 'own' : 'seen',
    paths,
    may: {
      cancel: may(viewer, 'cancel', prediction),
      rerun: true,
      tweak: true,
      follow: true,
      share: may(viewer, 'share', prediction),
      delete: own,
    },
  }
}

/** Seconds after which a page without scripts is to be asked for again. */
export function refreshSeconds({ live }: PredictionPanelProps): number {
  const grown = refresh.firstSeconds + Math.floor(Number(live.elapsed) / 10)
  return Math.min(refresh.lastSeconds, grown)
}
