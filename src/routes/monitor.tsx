import { type Context, Hono } from 'hono'
import type { FailedRun } from '../../views/monitor/last-errors.tsx'
import { MonitorPage, type MonitorSpan } from '../../views/pages/monitor-page.tsx'
import type { Deps } from '../deps.ts'
import type { ModelRef } from '../domain/model-ref.ts'
import { filledUp, hourMs, type TimedCounts } from '../domain/statistics/run-counts.ts'
import { modelInPath, shownInstances } from './instances.tsx'
import { currentHealth, currentWarmth } from './model-state.ts'
import { operatorsOnly } from './request/operators.tsx'
import { page } from './request/page.tsx'

/** How long the times are that are counted together, and how many of them are shown. */
const spans: Readonly<Record<MonitorSpan, { readonly stepMs: number; readonly steps: number }>> = {
  day: { stepMs: hourMs, steps: 24 },
  month: { stepMs: 24 * hourMs, steps: 31 },
}

const mostErrors = 10

/** How a model is doing, for operators: its instances, and the runs of a day or a month. */
export function monitorRoutes(deps: Deps) {
  return new Hono().get('/settings/models/:owner/:name', operatorsOnly(deps), async (c) => {
    const model = await modelInPath(c, deps)
    if (!model) return c.notFound()
    const span = spanIn(c)
    const [times, failed, load, instances, coldStart] = await Promise.all([
      timesOf(deps, model.ref, span),
      lastFailed(deps, model.ref),
      deps.runner.load(model.ref),
      shownInstances(deps, model),
      deps.store.lastColdStart(model.ref),
    ])
    return page(
      c,
      deps,
      <MonitorPage
        {...{ model, span, times, failed, load, instances, coldStart }}
        warmth={currentWarmth(deps, model)}
        health={currentHealth(deps, model)}
      />,
    )
  })
}

function spanIn(c: Context): MonitorSpan {
  return c.req.query('over') === 'month' ? 'month' : 'day'
}

async function timesOf(
  { statistics, now }: Deps,
  ref: ModelRef,
  span: MonitorSpan,
): Promise<readonly TimedCounts[]> {
  const { stepMs, steps } = spans[span]
  const at = now()
  const found = await statistics.endedRuns(ref, at - (steps - 1) * stepMs, stepMs)
  return filledUp(found, { now: at, stepMs, steps })
}

async function lastFailed(deps: Deps, model: ModelRef): Promise<readonly FailedRun[]> {
  const { store, accountNames } = deps
  const { predictions } = await store.page({ model, statuses: ['failed'] }, mostErrors, null)
  const names = await accountNames.among(predictions.map(({ createdBy }) => createdBy))
  const whole = await Promise.all(predictions.map(({ id }) => store.find(id)))
  return predictions.map(({ id, completedAt, createdBy }, index) => ({
    id,
    completedAt,
    error: (whole[index]?.error ?? '').slice(0, 300),
    maker: names.get(createdBy) ?? createdBy,
  }))
}
