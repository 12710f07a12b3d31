import { type Context, Hono } from 'hono'
import { LRUCache } from 'lru-cache'
import { LastRuns } from '../../../views/workspace/last-runs.tsx'
import type { Deps } from '../../deps.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import type { PredictionSummary } from '../../domain/prediction/prediction-list.ts'
import { findInPath } from '../prediction.tsx'
import { fragment, render } from '../request/page.tsx'
import { viewerOf } from '../request/viewer.ts'

/** The viewer’s last runs of a model. `shown` is the id of the one beside the form. */
export async function lastRuns(c: Context, deps: Deps, model: ModelRef, shown = '') {
  const { id } = viewerOf(c, deps)
  const runs = id === '' ? [] : await deps.store.lastRuns(model, id)
  return { model, runs, shown }
}

/** The same, drawn. */
export async function drawLastRuns(c: Context, deps: Deps, model: ModelRef, shown?: string) {
  return <LastRuns {...(await lastRuns(c, deps, model, shown))} />
}

/** The last runs beside a prediction, for a page on which it has settled. */
export function lastRunsRoutes(deps: Deps) {
  return new Hono().get('/p/:id/last-runs', async (c) => {
    const prediction = await findInPath(c, deps, 'see')
    if (!prediction) return c.notFound()
    return fragment(c, deps, await drawLastRuns(c, deps, prediction.model, prediction.id))
  })
}

const mostEqual = 1_000

/** The last runs as HTML. */
export interface DrawnRuns {
  /** The same for the same HTML; of one viewer, unless there are no runs. */
  readonly id: string
  readonly html: string
}

/** Draws the last runs once for each list. None of them is shown. */
export function createDrawnRuns(deps: Deps) {
  const drawn = new WeakMap<readonly PredictionSummary[], DrawnRuns>()
  // Lists that are equal are the same object only where the store is alone on its database.
  const equal = new LRUCache<string, readonly PredictionSummary[]>({ max: mostEqual })
  let count = 0
  let none: DrawnRuns | undefined

  function sameOf(runs: readonly PredictionSummary[]): readonly PredictionSummary[] {
    const text = JSON.stringify(runs)
    const same = equal.get(text) ?? runs
    equal.set(text, same)
    return same
  }

  return async function drawnRuns(c: Context, model: ModelRef): Promise<DrawnRuns> {
    const found = await lastRuns(c, deps, model)
    const props = deps.isShared ? { ...found, runs: sameOf(found.runs) } : found
    const known = props.runs.length === 0 ? none : drawn.get(props.runs)
    if (known) return known
    const html = await render(c, deps, <LastRuns {...props} />)
    if (props.runs.length === 0) {
      none = { id: 'none', html }
      return none
    }
    const made = { id: `${++count}`, html }
    drawn.set(props.runs, made)
    return made
  }
}
