import { runEstimate } from '../../views/form/run-bar.tsx'
import type { ShownHealth } from '../../views/model/model-health.tsx'
import type { Deps } from '../deps.ts'
import { type Model, type ModelHealth, nothingToNote, type Warmth } from '../domain/model/model.ts'

/** How long a run of a model will take, in the words of the bar with Run. */
export async function currentEstimate(deps: Deps, model: Model): Promise<string> {
  const { running, waiting } = deps.runner.load(model.ref)
  const copies = deps.records.find(model.ref)?.settings.copies ?? Math.max(1, model.limits.copies)
  const ahead = waiting > 0 || running >= copies ? waiting + running : 0
  const typicalMs = await deps.runTimes.typical(model.ref)
  const isCold = currentWarmth(deps, model) === 'cold'
  return runEstimate({ typicalMs, isCold, bootMs: deps.runTimes.typicalBoot(model.ref), ahead })
}

type Named = Pick<Model, 'ref' | 'provider'>

/** Whether a run of a model would start at once. */
export function currentWarmth({ providers }: Deps, model: Named): Warmth {
  return providers.find(({ name }) => name === model.provider)?.warmth(model.ref) ?? 'cold'
}

/** The provider's notes on the state of a model, for its page. */
export function currentHealth({ providers, now }: Deps, model: Named): ShownHealth {
  const provider = providers.find(({ name }) => name === model.provider)
  return shownHealth(provider?.health(model.ref) ?? nothingToNote, now())
}

export function shownHealth(health: ModelHealth, now: number): ShownHealth {
  const { since } = health
  return { ...health, elapsed: since === null ? null : Math.max(0, (now - since) / 1000) }
}
