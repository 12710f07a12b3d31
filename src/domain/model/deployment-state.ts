import type { InstanceFailure, InstanceState } from '../instance/state.ts'
import { modelName } from '../model-ref.ts'
import type { Deployment } from './deployment.ts'

/** The state of a deployment that has containers of its own. */
export type DeploymentState =
  /** It may have none. */
  | { readonly kind: 'off' }
  /** So many of all are as the current release wants them: of its version, on its hardware. */
  | {
      readonly kind: 'rolling over'
      readonly renewed: number
      readonly all: number
      /** Whether it is the version that differs. */
      readonly isVersion: boolean
    }
  /** `isBusy`: the next run waits. */
  | { readonly kind: 'up'; readonly count: number; readonly isBusy: boolean }
  | { readonly kind: 'booting'; readonly count: number }
  /** None could be started, and why as a sentence. */
  | { readonly kind: 'broken'; readonly sentence: string }
  | { readonly kind: 'cold' }

/**
 * @param instances Those of its model.
 * @param failures Those of the deployment’s containers since the last that became ready, the latest first.
 */
export function deploymentState(
  { ref, current }: Deployment,
  instances: readonly InstanceState[],
  failures: readonly InstanceFailure[],
): DeploymentState {
  if (current.maxInstances === 0) return { kind: 'off' }
  const name = modelName(ref)
  const own = instances.filter(
    ({ deployment, phase, runs }) => deployment === name && (phase !== 'leaving' || runs > 0),
  )
  const isEarlier = ({ version }: InstanceState) => version !== current.version
  const isNow = (one: InstanceState) => !isEarlier(one) && !one.isOutdated
  const ready = own.filter(({ phase }) => phase === 'ready')
  if (!own.every(isNow)) {
    const isVersion = own.some(isEarlier)
    return {
      kind: 'rolling over',
      renewed: ready.filter(isNow).length,
      all: own.length,
      isVersion,
    }
  }
  if (ready.length > 0) return { kind: 'up', count: ready.length, isBusy: ready.every(hasNoRoom) }
  const starting = own.filter(({ phase }) => phase !== 'leaving').length
  if (starting > 0) return { kind: 'booting', count: starting }
  const [last] = failures
  return last ? { kind: 'broken', sentence: last.sentence } : { kind: 'cold' }
}

function hasNoRoom({ runs, slots }: InstanceState): boolean {
  return runs >= slots
}
