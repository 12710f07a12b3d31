import type { Context } from 'hono'
import { formatClock } from '../../views/format.ts'
import { GonePanel } from '../../views/pages/message-page.tsx'
import {
  type PanelLive,
  type PanelPermissions,
  PredictionPanel,
  type PredictionPanelProps,
} from '../../views/prediction-panel.tsx'
import type { TakersMenuProps } from '../../views/takers-menu.tsx'
import type { Deps } from '../deps.ts'
import { may, type Viewer } from '../domain/policy.ts'
import { isSettled, type Prediction } from '../domain/prediction.ts'
import { readSchema } from '../domain/schema.ts'
import { madeFiles } from '../domain/summary.ts'
import { takersOf } from '../domain/takers.ts'
import type { Paths } from '../paths.ts'
import { createHolds } from './holds.ts'
import { drawn, fragment } from './page.tsx'
import { createPanelCache, type DrawnPanel } from './panel-cache.ts'
import { clientAddress, viewerOf } from './viewer.ts'

/** A held request is answered after this long even when nothing changed. */
const holdMs = 25_000

/** When no more requests can be held, panels ask again after this. */
const crowdedPollMs = 3_000

/** A viewer is sent no more than this: large panels come less often. */
const unitsPerMs = 200
const shortestWaitMs = 5

/** A browser without scripts asks again after 2 s, and less often the longer it takes. */
const refresh = { firstSeconds: 2, lastSeconds: 10 }

const panelHeaders = {
  'Content-Type': 'text/html; charset=UTF-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const

/** Whom a panel is drawn for: one drawing serves all of the same name. */
export interface PanelView {
  readonly name: string
  readonly may: PanelPermissions
  readonly paths: Paths
}

export type Panels = ReturnType<typeof createPanels>

/**
 * The panels of predictions, each drawn once for a state of its prediction, whoever watches: what
 * differs between two answers for one state is filled in afterwards.
 */
export function createPanels(deps: Deps) {
  const { runner, config, now, newId } = deps
  const holds = createHolds()
  const cache = createPanelCache()
  runner.listen(cache.forget)

  // In place of what is filled in: nothing that a model makes can look like it.
  const mark = newId()
  const places: PanelLive = {
    count: `${mark}-count`,
    elapsed: `${mark}-elapsed`,
    clock: `${mark}-clock`,
  }
  const place = new RegExp(`${mark}-(count|elapsed|clock)`, 'g')

  function ownView(c: Context, prediction: Prediction): PanelView {
    return viewOf(viewerOf(c, deps), prediction, deps.paths)
  }

  async function props(
    c: Context,
    prediction: Prediction,
    view?: PanelView,
    pollMs = config.pollMs,
  ): Promise<PredictionPanelProps> {
    const version = await deps.store.findVersion(prediction.model, prediction.version)
    const position = isSettled(prediction) ? null : runner.position(prediction)
    const shown = view ?? ownView(c, prediction)
    return {
      prediction,
      position,
      goesOn: shown.may.rerun ? await goesOn(prediction) : null,
      pollMs,
      schema: readSchema(version?.schemas ?? {}),
      asked: shown.may.follow ? await deps.store.childrenOf(prediction.id) : [],
      state: stateOf(prediction),
      live: liveOf(prediction, Number(c.req.query('n')) + 1 || 1),
      may: shown.may,
    }
  }

  /** What can be done next with the first file that was made. */
  async function goesOn(prediction: Prediction): Promise<TakersMenuProps | null> {
    const [file] = isSettled(prediction) ? madeFiles(prediction) : []
    if (!file) return null
    const models = await deps.runner.models()
    return { file, takers: takersOf(file, models) }
  }

  /** What a panel shows a state of: opaque to the browser, which sends it back as `seen`. */
  function stateOf(prediction: Prediction): string {
    if (isSettled(prediction)) return String(prediction.revision)
    const { id, revision } = prediction
    return `${revision}-${runner.position(prediction) ?? 0}-${runner.changesUnder(id)}`
  }

  function liveOf({ createdAt }: Prediction, count: number): PanelLive {
    const seconds = (now() - createdAt) / 1000
    return {
      count: String(count),
      elapsed: seconds.toFixed(1),
      clock: formatClock(seconds),
    }
  }

  async function draw(c: Context, id: string, view: PanelView, pollMs: number | null) {
    const prediction = await runner.find(id)
    if (!prediction) return null
    const variant = `${view.name} ${pollMs}`
    const state = stateOf(prediction)
    const known = cache.find(id, variant, state)
    const panel = known ?? (await drawAnew(c, prediction, view, pollMs))
    if (known === null) cache.keep(id, variant, state, panel)
    if (typeof panel !== 'string') return panel
    const live = liveOf(prediction, Number(c.req.query('n')) + 1 || 1)
    return panel.replace(place, (_match, name: keyof PanelLive) => live[name])
  }

  async function drawAnew(
    c: Context,
    prediction: Prediction,
    view: PanelView,
    pollMs: number | null,
  ): Promise<DrawnPanel> {
    const panel = { ...(await props(c, prediction, view, pollMs)), live: places }
    const html = await drawn(c, { ...deps, paths: view.paths }, <PredictionPanel {...panel} />)
    return isSettled(prediction) ? new TextEncoder().encode(html) : html
  }

  /** Waits while the prediction is as the viewer has seen it; false when there is no room to wait. */
  async function hold(c: Context, prediction: Prediction, seen: string): Promise<boolean> {
    const release = config.pollMs === null ? holds.take(clientAddress(c, deps)) : null
    if (!release) return false
    const isNew = (current: Prediction | null) =>
      !current || isSettled(current) || stateOf(current) !== seen
    try {
      await runner.until(prediction.id, isNew, holdMs, c.req.raw.signal)
      return true
    } finally {
      release()
    }
  }

  return {
    props,
    /** Answers with the panel: at once, or, when the viewer says what they have seen, once there is news. */
    async answer(c: Context, prediction: Prediction, given?: PanelView) {
      const since = now()
      const { id } = prediction
      const view = given ?? ownView(c, prediction)
      const seen = isSettled(prediction) ? undefined : c.req.query('seen')
      const held = seen === undefined || (await hold(c, prediction, seen))
      const pollMs = held ? config.pollMs : (config.pollMs ?? crowdedPollMs)
      let html = await draw(c, id, view, pollMs)
      const wait = seen === undefined ? 0 : (html?.length ?? 0) / unitsPerMs - (now() - since)
      if (wait > shortestWaitMs) {
        await new Promise((resolve) => setTimeout(resolve, wait))
        html = await draw(c, id, view, pollMs)
      }
      if (html === null) return fragment(c, deps, <GonePanel />, 404)
      return new Response(html, { headers: panelHeaders })
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
