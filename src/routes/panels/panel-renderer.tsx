import { formatClock } from '../../../views/format.ts'
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
import { compatibleInputs } from '../../domain/model/compatible-inputs.ts'
import { isSettled, type Prediction, secondsBetween } from '../../domain/prediction/prediction.ts'
import { madeFiles } from '../../domain/prediction/summary.ts'
import { unknownSchema } from '../../domain/schema/schema.ts'
import type { Paths } from '../../paths.ts'
import { renderOn, sandpitHeader } from '../request/page.tsx'
import type { BufferedResponse } from './deferred-response.ts'
import { changingPanel, createPanelCache, fixedPanel, type RenderedPanel } from './panel-cache.ts'

const panelHeaders = {
  'Content-Type': 'text/html; charset=UTF-8',
  'Cache-Control': 'no-store',
  [sandpitHeader]: 'fragment',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
} as const

/** Whom a panel is rendered for: one drawing serves all of the same name. */
export interface PanelView {
  readonly name: string
  readonly may: PanelPermissions
  readonly paths: Paths
}

/** What of a request its panel is rendered with. */
export interface PanelRequest {
  readonly id: string
  readonly view: PanelView
  readonly count: string
}

/**
 * Draws the panels of predictions, each once for a state of its prediction, whoever watches: what
 * differs between two answers for one state is filled in afterwards.
 */
export function createPanelRenderer(deps: Deps) {
  const { runner, config, now, newId } = deps
  const cache = createPanelCache()

  // In place of what is filled in: nothing that a model makes can look like it.
  const mark = newId()
  const live: PanelLive = {
    count: `${mark}-count`,
    elapsed: `${mark}-elapsed`,
    clock: `${mark}-clock`,
  }

  async function props(
    prediction: Prediction,
    view: PanelView,
    live: PanelLive,
    pollMs: number | null,
  ): Promise<PredictionPanelProps> {
    const version = await deps.store.findVersion(prediction.model, prediction.version)
    const position = isSettled(prediction) ? null : runner.position(prediction)
    return {
      prediction,
      position,
      useAsInput: view.may.rerun ? await useAsInput(prediction) : null,
      pollMs,
      schema: version?.schema ?? unknownSchema,
      subRuns: view.may.follow ? await deps.store.childrenOf(prediction.id) : [],
      state: stateOf(prediction),
      live,
      may: view.may,
    }
  }

  /** What can be done next with the first file that was made. */
  async function useAsInput(prediction: Prediction): Promise<UseAsInputProps | null> {
    const [file] = isSettled(prediction) ? madeFiles(prediction) : []
    if (!file) return null
    const models = await deps.runner.models()
    return { file, inputs: compatibleInputs(file, models) }
  }

  /** What a panel shows a state of: opaque to the browser, which sends it back as `seen`. */
  function stateOf(prediction: Prediction): string {
    if (isSettled(prediction)) return String(prediction.revision)
    const { id, revision } = prediction
    return `${revision}-${runner.position(prediction) ?? 0}-${runner.changesUnder(id)}`
  }

  function liveOf({ createdAt }: Prediction, count: string): PanelLive {
    const seconds = secondsBetween(createdAt, now())
    return { count, elapsed: seconds.toFixed(1), clock: formatClock(seconds) }
  }

  async function drawAnew(
    prediction: Prediction,
    view: PanelView,
    pollMs: number | null,
  ): Promise<RenderedPanel> {
    const panel = await props(prediction, view, live, pollMs)
    const html = await renderOn(siteOf(view), <PredictionPanel {...panel} />)
    return isSettled(prediction) ? fixedPanel(html) : changingPanel(html, mark)
  }

  /** One drawing serves browsers of every theme, by whatever name they reach us. */
  function siteOf({ paths }: PanelView): Site {
    return {
      paths,
      assets: deps.assetUrls,
      providerLabels: {},
      stylesheet: null,
      theme: null,
      operator: false,
      guest: false,
      host: '',
    }
  }

  return {
    stateOf,
    forget: cache.forget,
    /** What a panel on a whole page is rendered with. */
    props: (prediction: Prediction, { view, count }: PanelRequest): Promise<PredictionPanelProps> =>
      props(prediction, view, liveOf(prediction, count), config.pollMs),
    /** The panel as it stands, which asks again after `pollMs`, or at once. */
    async draw(
      { id, view, count }: PanelRequest,
      pollMs: number | null,
    ): Promise<BufferedResponse> {
      const prediction = await runner.find(id)
      if (!prediction) {
        const body = new TextEncoder().encode(await renderOn(siteOf(view), <GonePanel />))
        return { status: 404, headers: panelHeaders, body }
      }
      const panel = await cache.of(id, `${view.name} ${pollMs}`, stateOf(prediction), () =>
        drawAnew(prediction, view, pollMs),
      )
      return { status: 200, headers: panelHeaders, body: panel.bytes(liveOf(prediction, count)) }
    },
  }
}
