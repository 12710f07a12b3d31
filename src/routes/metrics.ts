import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { modelName } from '../domain/model-ref.ts'
import { ranMs } from '../domain/prediction/durations.ts'
import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'

/** Prometheus metrics: predictions since the start, predictions now, and the process. */
export function metricsRoutes(deps: Deps) {
  const settled = countSettled(deps)
  let registry: ReturnType<typeof createRegistry> | undefined
  return new Hono().get('/metrics', async (c) => {
    registry ??= createRegistry(deps, settled)
    const { metrics, contentType } = await registry
    return c.text(await metrics(), 200, { 'Content-Type': contentType })
  })
}

interface Settled {
  readonly provider: string
  readonly status: string
  predictions: number
  /** Run time. */
  seconds: number
}

/** Counts settled predictions from the start, before the first request for metrics. */
function countSettled({ runner }: Deps): ReadonlyMap<string, Settled> {
  const counts = new Map<string, Settled>()
  runner.listenToSaves((previous, next) => {
    if (isSettled(previous) || !isSettled(next)) return
    const { provider, status }: Prediction = next
    const key = `${provider} ${status}`
    const count = counts.get(key) ?? { provider, status, predictions: 0, seconds: 0 }
    count.predictions++
    count.seconds += (ranMs(next) ?? 0) / 1000
    counts.set(key, count)
  })
  return counts
}

/** Loads prom-client with the first request: most servers have no Prometheus. */
async function createRegistry({ runner }: Deps, settled: ReadonlyMap<string, Settled>) {
  const { collectDefaultMetrics, Gauge, Counter, Registry } = await import('prom-client')
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const byEnd = ['provider', 'status'] as const
  new Counter({
    name: 'sandpit_predictions_total',
    help: 'Predictions finished since the server started: add up those of all servers.',
    labelNames: byEnd,
    registers,
    collect() {
      this.reset()
      for (const { provider, status, predictions } of settled.values())
        this.inc({ provider, status }, predictions)
    },
  })
  new Counter({
    name: 'sandpit_predict_seconds_total',
    help: 'Run time of finished predictions, in seconds.',
    labelNames: byEnd,
    registers,
    collect() {
      this.reset()
      for (const { provider, status, seconds } of settled.values())
        this.inc({ provider, status }, seconds)
    },
  })
  for (const state of ['running', 'waiting'] as const)
    new Gauge({
      name: `sandpit_predictions_${state}`,
      help: `Predictions that are ${state}, over all servers of the database: take the largest.`,
      labelNames: ['model'] as const,
      registers,
      async collect() {
        this.reset()
        // Private models have one label together: their names are not for everyone who reads metrics.
        for (const { ref, visibility } of await runner.models()) {
          const model = visibility === 'private' ? 'private' : modelName(ref)
          this.inc({ model }, (await runner.load(ref))[state])
        }
      },
    })
  return { metrics: () => registry.metrics(), contentType: registry.contentType }
}
