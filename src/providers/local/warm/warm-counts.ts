import type { Deployment } from '../../../domain/model/deployment.ts'
import type { ModelRecord } from '../../../domain/model/record.ts'
import { modelName } from '../../../domain/model-ref.ts'

/** How many copies of which version of a model are to be warm. */
export interface WarmCount {
  /** `owner/name`. */
  readonly model: string
  /** Null for the current version. */
  readonly version: string | null
  readonly count: number
}

/** What operators set: of models themselves, then of their deployments, which have copies of their own. */
export function warmCounts(
  records: readonly ModelRecord[],
  deployments: readonly Deployment[],
): readonly WarmCount[] {
  const ofModels = records.map(({ ref, settings }) => ({
    model: modelName(ref),
    version: null,
    count: settings.instances?.min ?? 0,
  }))
  const ofDeployments = deployments.map(({ current }) => ({
    model: modelName(current.model),
    version: current.version,
    count: Math.min(current.minInstances, current.maxInstances),
  }))
  return [...ofModels, ...ofDeployments].filter(({ count }) => count > 0)
}

/** The counts of one model by the ids of versions, with no more in all than it may have processes. */
export function withinLimit(
  counts: readonly WarmCount[],
  current: string,
  most: number,
): ReadonlyMap<string, number> {
  const wanted = new Map<string, number>()
  let left = most
  for (const { version, count } of counts) {
    const id = version ?? current
    const taken = Math.min(count, left)
    left -= taken
    if (taken > 0) wanted.set(id, (wanted.get(id) ?? 0) + taken)
  }
  return wanted
}
