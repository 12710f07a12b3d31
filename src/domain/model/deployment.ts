import type { ModelRef } from '../model-ref.ts'

/**
 * A name under which a version of a model runs with limits of its own. A model from images has containers of its own for
 * each; of other models, at most `maxInstances` of its predictions run at once. They wait among all of the model’s.
 */
export interface Deployment {
  /** `owner/name`, as in its address. */
  readonly ref: ModelRef
  readonly current: Release
}

/** The model version and settings that a deployment runs. Each change of them is a new release. */
export interface Release {
  /** From 1. */
  readonly number: number
  readonly model: ModelRef
  /** Id of the version. */
  readonly version: string
  /** As given: one of the names that `GET /v1/hardware` lists. */
  readonly hardware: string
  /** So many instances are kept ready, of models whose instances we start. */
  readonly minInstances: number
  /** The most instances of its own; else, how many of its predictions run at once within the model’s limit. None run at 0. */
  readonly maxInstances: number
  /** One without runs is stopped after this time, in milliseconds; null for as long as the model says. */
  readonly idleMs: number | null
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Id of the viewer who made it. */
  readonly createdBy: string
}

/** The most instances that a release can ask for. */
export const mostInstances = { min: 5, max: 20 }

/** The parts of a release that a new one can change. */
export type ReleaseChanges = Partial<
  Pick<Release, 'version' | 'hardware' | 'minInstances' | 'maxInstances' | 'idleMs'>
>

/** The next release of a deployment; the deployment as it was when nothing changes. */
export function released(
  deployment: Deployment,
  changes: ReleaseChanges,
  by: Pick<Release, 'createdAt' | 'createdBy'>,
): Deployment {
  const { current } = deployment
  const changed = { ...current, ...changes }
  const differs = (Object.keys(changes) as (keyof ReleaseChanges)[]).some(
    (key) => changed[key] !== current[key],
  )
  if (!differs) return deployment
  return { ...deployment, current: { ...changed, ...by, number: current.number + 1 } }
}
