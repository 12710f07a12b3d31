import { formatClock } from '../../../views/format.tsx'
import { GonePanel } from '../../../views/pages/message-page.tsx'
import {
  type PanelLive,
  type PanelPermissions,
  PredictionPanel,
  type PredictionPanelProps,
} from '../../../views/panel/prediction-panel.tsx'
import type { UseAsInputProps } from '../../../views/panel/use-as-input.tsx'
import type { Site } from '../../../views/site.ts'
import type { Deps } from '../../deps.ts'
import type { Json } from '../../domain/json/json.ts'
import { compatibleInputs } from '../../domain/model/compatible-inputs.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { inPhaseMs } from '../../domain/prediction/durations.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { madeFiles } from '../../domain/prediction/summary.ts'
import { unknownSchema } from '../../domain/schema/schema.ts'
import type { Paths } from '../../paths.ts'
import { renderOn, sandpitHeader } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { usableModels } from '../request/usable-models.ts'
import type { BufferedResponse } from './deferred-response.ts'
import { changingPanel, createPanelCache, fixedPanel } from './panel-cache.ts'
import { createRelatedModels } from './related-models.ts'

/** The headers of a panel that is sent alone. */
export const panelHeaders = {
  'Content-Type': 'text/html; charset=UTF-8',
  'Cache-Control': 'no-store',
  [sandpitHeader]: 'fragment',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
} as const

/** A kind of viewer that a panel is rendered for. Viewers of one name share what is rendered. */
export interface PanelView {
  readonly name: string
  readonly may: PanelPermissions
  /** Whose models it names: one of those viewers. */
  readonly viewer: Viewer
  /** Whether they made it, or act for its account. */
  readonly isTheirs: boolean
  readonly paths: Paths
  /** Another component that draws it, for other pages than ours. */
  readonly Panel?: typeof PredictionPanel
}

/** The part of a request that its panel depends on. */
export interface PanelRequest {
  readonly id: string
  readonly view: PanelView
  /** See `PanelLive`. */
  readonly count: string
  /** The prediction as JSON, if that was asked for and it is settled; else null. */
  readonly json: Json | null
}

/**
 * Renders each state of a prediction’s panel once for all viewers of a kind. The bits that differ
 * between two responses for one state are filled in afterwards.
 */
export function createPanelRenderer(deps: Deps) {
  const { runner, config, isShared, now } = deps
  const cache = createPanelCache()
  const { stateOf, changesUnder, propsOf } = createPanelProps(deps)
  const relatedModels = createRelatedModels(deps)

  // No model can guess the id in these marks, so nothing in its output is taken for one.
  const mark = deps.newId()
  const marks: PanelLive = {
    count: `${mark}-count`,
    elapsed: `${mark}-elapsed`,
    clock: `${mark}-clock`,
    ran: `${mark}-ran`,
    inPhase: `${mark}-inPhase`,
    phaseClock: `${mark}-phaseClock`,
  }

  function liveOf(prediction: Prediction, count: string): PanelLive {
    const { createdAt, startedAt } = prediction
    const at = now()
    const elapsed = secondsOf(at - createdAt)
    const ran = startedAt === null ? '' : secondsOf(at - startedAt).toFixed(1)
    // Of a settled one, which is asked for most, nothing goes on.
    const inPhase = isSettled(prediction) ? 0 : secondsOf(inPhaseMs(prediction, at))
    return {
      ...{ count, ran },
      elapsed: elapsed.toFixed(1),
      clock: formatClock(elapsed),
      inPhase: inPhase.toFixed(1),
      phaseClock: formatClock(inPhase),
    }
  }

  async function render(prediction: Prediction, view: PanelView, pollMs: number | null) {
    const props = await propsOf(prediction, view, marks, pollMs)
    const { Panel = PredictionPanel } = view
    const html = await renderOn(panelSite(deps, view.paths), <Panel {...props} json={null} />)
    return isSettled(prediction) ? fixedPanel(html) : changingPanel(html, mark)
  }

  /** The panel in place of one that is deleted, or that the viewer may not see any more. */
  async function gone(view: PanelView): Promise<BufferedResponse> {
    const html = await renderOn(panelSite(deps, view.paths), <GonePanel />)
    return { status: 404, headers: panelHeaders, body: new TextEncoder().encode(html) }
  }

  return {
    stateOf,
    relatedModels,
    gone,
    forget: cache.forget,
    /** The props of the panel on a whole page. */
    async props(
      prediction: Prediction,
      { view, count, json }: PanelRequest,
    ): Promise<PredictionPanelProps> {
      const live = liveOf(prediction, count)
      return { ...(await propsOf(prediction, view, live, config.pollMs)), json }
    },
    /** The panel as a response. An unsettled one requests the next after `pollMs`, or at once for null. */
    async draw(
      { id, view, count, json }: PanelRequest,
      pollMs: number | null,
    ): Promise<BufferedResponse> {
      const prediction = await runner.find(id)
      if (!prediction) return gone(view)
      if (json !== null) {
        const props = await propsOf(prediction, view, marks, pollMs)
        const html = await renderOn(
          panelSite(deps, view.paths),
          <PredictionPanel {...props} json={json} />,
        )
        return { status: 200, headers: panelHeaders, body: new TextEncoder().encode(html) }
      }
      // Of what another replica changes beside a settled one, it is not always heard.
      const beneath = isShared && isSettled(prediction) ? await changesUnder(id) : ''
      const state = `${await stateOf(prediction)} ${beneath} ${await relatedModels(prediction, view.viewer)}`
      const panel = await cache.of(id, `${view.name} ${pollMs}`, state, () =>
        render(prediction, view, pollMs),
      )
      return { status: 200, headers: panelHeaders, body: panel.bytes(liveOf(prediction, count)) }
    },
  }
}

/** Whether two states differ in nothing but the place of the prediction. */
export function isSameButPlace(one: string, other: string): boolean {
  const [revision, , beneath] = one.split('-')
  const [otherRevision, , otherBeneath] = other.split('-')
  return revision === otherRevision && beneath === otherBeneath
}

/** Seconds of milliseconds: none where the clock was set back. */
function secondsOf(milliseconds: number): number {
  return Math.max(0, milliseconds) / 1000
}

/** Reads what a panel shows of its prediction and the queue. */
function createPanelProps({ isShared, runner, runTimes, store }: Deps) {
  /** A state of the panel. Opaque to the browser, which sends it back as `seen`. */
  async function stateOf(prediction: Prediction): Promise<string> {
    const { id, revision } = prediction
    if (isSettled(prediction)) return String(revision)
    const place = await runner.place(prediction)
    const waits = place ? [place.before, place.own, place.behind, Number(place.isHeld)] : []
    return `${revision}-${waits.join('.')}-${await changesUnder(id)}`
  }

  /** Changes whenever a sub-run begins or changes. */
  async function changesUnder(id: string): Promise<number> {
    // The sub-runs themselves are remembered where no other server changes them.
    if (isShared) return (await store.revisionsOf([id])).get(id)?.beneath ?? 0
    const children = await store.childrenOf(id)
    return children.reduce((sum, { revision }) => sum + 1 + revision, 0)
  }

  /** The models that take the first file of the output; null when there is none. */
  async function useAsInput(
    prediction: Prediction,
    viewer: Viewer,
  ): Promise<UseAsInputProps | null> {
    const [file] = isSettled(prediction) ? madeFiles(prediction) : []
    if (!file) return null
    const models = await usableModels({ runner }, viewer).all()
    return { file, inputs: compatibleInputs(file, models) }
  }

  /** Those that are run by a private model are seen by those who see it. */
  async function subRuns({ id }: Prediction, viewer: Viewer) {
    const all = await store.childrenOf(id)
    return all.filter((one) => mayWith({ runner }, viewer, 'see', one))
  }

  async function propsOf(
    prediction: Prediction,
    { may, viewer, isTheirs }: PanelView,
    live: PanelLive,
    pollMs: number | null,
  ): Promise<Omit<PredictionPanelProps, 'json'>> {
    const settled = isSettled(prediction)
    const version = await store.findVersion(prediction.model, prediction.version)
    return {
      prediction,
      place: settled ? null : await runner.place(prediction),
      running: settled ? 0 : (await runner.load(prediction.model)).running,
      typicalMs: await runTimes.typical(prediction.model),
      bootMs: settled ? null : runTimes.typicalBoot(prediction.model),
      useAsInput: may.rerun ? await useAsInput(prediction, viewer) : null,
      pollMs,
      schema: version?.schema ?? unknownSchema,
      subRuns: may.follow ? await subRuns(prediction, viewer) : [],
      state: await stateOf(prediction),
      live,
      may,
      isTheirs,
    }
  }

  return { stateOf, changesUnder, propsOf }
}

/** A panel is the same on every theme and host. */
export function panelSite({ assetUrls }: Pick<Deps, 'assetUrls'>, paths: Paths): Site {
  const none = {
    stylesheet: null,
    theme: null,
    person: null,
    signIn: null,
    signsOut: false,
    operator: false,
    namespaces: [],
    guest: false,
    opensModel: () => false,
    embeds: false,
    host: '',
    origin: '',
    providerLabels: {},
  }
  return { paths, assets: assetUrls, ...none }
}
