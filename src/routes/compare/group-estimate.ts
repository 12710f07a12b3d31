import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { currentWarmth } from '../model-state.ts'

/**
 * How long so many runs of a model take together, in milliseconds: they run side by side in its copies; null
 * when it is not known.
 */
export async function expectedMs(deps: Deps, model: Model, runs: number): Promise<number | null> {
  const typicalMs = await deps.runTimes.typical(model.ref)
  if (typicalMs === null) return null
  const copies = deps.records.find(model.ref)?.settings.copies ?? Math.max(1, model.limits.copies)
  const isCold = currentWarmth(deps, model) === 'cold'
  const bootMs = isCold ? (deps.runTimes.typicalBoot(model.ref) ?? 0) : 0
  return bootMs + typicalMs * Math.ceil(runs / copies)
}
