import { runEstimate } from '../../views/form/run-bar.tsx'
import { formatAbout } from '../../views/format.tsx'
import type { ShownHealth } from '../../views/model/model-health.tsx'
import type { Deps } from '../deps.ts'
import type { InstanceState } from '../domain/instance/state.ts'
import { type Model, type ModelHealth, nothingToNote, type Warmth } from '../domain/model/model.ts'
import type { ModelRef } from '../domain/model-ref.ts'

/** How long a run of a model will take for an account, in the words of the bar with Run. */
export async function currentEstimate(deps: Deps, model: Model, account: string): Promise<string> {
  const { running, waiting } = await deps.runner.load(model.ref)
  const copies = copiesOf(deps, model)
  const { before, own } = await deps.runner.placeOfNext(model.ref, account)
  const ahead = waiting > 0 || running >= copies ? before + running : 0
  const isShared = waiting > own
  const typicalMs = await deps.runTimes.typical(model.ref)
  const isCold = currentWarmth(deps, model) === 'cold'
  const bootMs = deps.runTimes.typicalBoot(model.ref)
  return runEstimate({ typicalMs, isCold, bootMs, ahead, isShared })
}

function copiesOf({ records }: Deps, { ref, limits }: Model): number {
  return records.find(ref)?.settings.copies ?? Math.max(1, limits.copies)
}

/**
 * How long so many runs of a model take together, in milliseconds, with the boot of a cold one: they run side
 * by side in its copies. Null when it is not known.
 */
export async function expectedMs(deps: Deps, model: Model, runs: number): Promise<number | null> {
  const typicalMs = await deps.runTimes.typical(model.ref)
  if (typicalMs === null) return null
  const isCold = currentWarmth(deps, model) === 'cold'
  const bootMs = isCold ? (deps.runTimes.typicalBoot(model.ref) ?? 0) : 0
  return bootMs + Math.ceil(runs / copiesOf(deps, model)) * typicalMs
}

/** The same in words: `about 55 s`; empty when it is not known. */
export async function timeOfRuns(deps: Deps, model: Model, runs: number): Promise<string> {
  const ms = await expectedMs(deps, model, runs)
  return ms === null ? '' : formatAbout(ms)
}

type Named = Pick<Model, 'ref' | 'provider'>

/** Whether a run of a model would start at once. */
export function currentWarmth({ providers }: Deps, model: Named): Warmth {
  return providers.find(({ name }) => name === model.provider)?.warmth(model.ref) ?? 'cold'
}

/** The instances of a model that its provider has started: its deployments’ and earlier versions’ included. */
export function instancesOf({ providers }: Deps, ref: ModelRef): readonly InstanceState[] {
  return providers.flatMap(({ instances }) => instances?.of(ref) ?? [])
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
