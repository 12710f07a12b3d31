import type { Deployment } from '../../../domain/model/deployment.ts'
import { modelName } from '../../../domain/model-ref.ts'

interface IdleTimeOptions {
  /** `owner/name`. */
  readonly model: string
  /** Id of the version of a process. */
  readonly version: string
  /** Whether it is the version that the model runs by default. */
  readonly isCurrent: boolean
  /** The idle time of the model, in milliseconds. */
  readonly ofModel: number
  readonly deployments: readonly Deployment[]
}

/**
 * How long a process may be idle, in milliseconds. A model and its deployments share the processes of a version: the
 * longest of their times holds.
 */
export function idleTime(options: IdleTimeOptions): number {
  const { model, version, isCurrent, ofModel, deployments } = options
  const own = deployments
    .filter(({ current }) => current.version === version && modelName(current.model) === model)
    .map(({ current }) => current.idleMs ?? ofModel)
  return Math.max(...own, ...(isCurrent || own.length === 0 ? [ofModel] : []))
}
