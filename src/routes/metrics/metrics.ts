import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import type { InstancePhase } from '../../domain/instance/state.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { ranMs } from '../../domain/prediction/durations.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { instancesOf } from '../model-state.ts'
import { createRunsByModel, mostModels, type RunsByModel } from './by-model.ts'
import { histogramText } from './durations.ts'

/** Prometheus metrics: predictions since the start, predictions now, and the process. */
export function metricsRoutes(deps: Deps) {
  const { runner } = deps
  const settled = countSettled(deps)
  const byModel = createRunsByModel((ref) => isPrivate(deps, ref))
  runner.listenToSaves((previous, next) => {
    if (!isSettled(previous) && isSettled(next)) byModel.ended(next)
  })
  let registry: ReturnType<typeof createRegistry> | undefined
  return new Hono().get('/metrics', async (c) => {
    registry ??= createRegistry(deps, settled, byModel)
    const { metrics, contentType } = await registry
    const text = (await metrics()) + durationsText(byModel)
    return c.text(text, 200, { 'Content-Type': contentType })
  })
}

function isPrivate({ runner }: Deps, ref: ModelRef): boolean {
  return runner.modelSubject(ref).visibility === 'private'
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

/** How long the runs of each model waited and ran. */
function durationsText({ byLabel }: RunsByModel): string {
  const runs = [...byLabel()]
  const waited = {
    name: 'sandpit_model_wait_seconds',
    help: 'How long runs waited in line and for their model to start, of those that began, by model.',
  }
  const ran = {
    name: 'sandpit_model_predict_seconds',
    help: 'How long runs took that succeeded, without the wait, by model.',
  }
  return (
    histogramText(waited, new Map(runs.map(([model, { waited }]) => [model, waited]))) +
    histogramText(ran, new Map(runs.map(([model, { ran }]) => [model, ran])))
  )
}

/** How many instances of each model are in each state, of the first models that have some. */
function instanceStates(
  deps: Deps,
  models: readonly Pick<Model, 'ref'>[],
): ReadonlyMap<string, ReadonlyMap<InstancePhase, number>> {
  const states = new Map<string, Map<InstancePhase, number>>()
  for (const { ref } of models) {
    const instances = instancesOf(deps, ref)
    if (instances.length === 0) continue
    const own = isPrivate(deps, ref) ? 'private' : modelName(ref)
    const label = states.has(own) || states.size < mostModels ? own : 'other'
    const counts = states.get(label) ?? new Map<InstancePhase, number>()
    for (const { phase } of instances) counts.set(phase, (counts.get(phase) ?? 0) + 1)
    states.set(label, counts)
  }
  return states
}

/** Loads prom-client with the first request: most servers have no Prometheus. */
async function createRegistry(
  deps: Deps,
  settled: ReadonlyMap<string, Settled>,
  byModel: RunsByModel,
) {
  const { runner } = deps
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
  new Counter({
    name: 'sandpit_model_predictions_total',
    help: `Predictions finished since the server started, of the first ${mostModels} models: the rest is one, "other".`,
    labelNames: ['model', 'status'] as const,
    registers,
    collect() {
      this.reset()
      for (const [model, { ends }] of byModel.byLabel())
        for (const [status, count] of ends) this.inc({ model, status }, count)
    },
  })
  new Gauge({
    name: 'sandpit_model_instances',
    help: 'Containers and processes of a model that this server runs, by their state.',
    labelNames: ['model', 'state'] as const,
    registers,
    async collect() {
      this.reset()
      for (const [model, states] of instanceStates(deps, await runner.models()))
        for (const [state, count] of states) this.inc({ model, state }, count)
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
