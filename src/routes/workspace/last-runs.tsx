import type { Context } from 'hono'
import { LastRuns } from '../../../views/workspace/last-runs.tsx'
import type { Deps } from '../../deps.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import { viewerOf } from '../request/viewer.ts'

/** The number of runs that fit beside each other under a form. */
const most = 6

/** The viewer’s last runs of a model. `shown` is the id of the one beside the form. */
export async function lastRuns(c: Context, deps: Deps, model: ModelRef, shown = '') {
  const { id } = viewerOf(c, deps)
  const runs = id === '' ? [] : await deps.store.lastRuns(model, id, most)
  return { model, runs, shown }
}

/** The same, drawn. */
export async function drawLastRuns(c: Context, deps: Deps, model: ModelRef, shown?: string) {
  return <LastRuns {...(await lastRuns(c, deps, model, shown))} />
}
