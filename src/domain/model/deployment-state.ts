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
      /** Why none of the current release starts, as a sentence; null while one may. */
      readonly problem: string | null
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
  const [last] = failures
  if (!own.every(isNow)) {
    return {
      kind: 'rolling over',
      renewed: ready.filter(isNow).length,
      all: own.length,
      isVersion: own.some(isEarlier),
      problem: last?.sentence ?? null,
    }
  }
  if (ready.length > 0) return { kind: 'up', count: ready.length, isBusy: ready.every(hasNoRoom) }
  const starting = own.filter(({ phase }) => phase !== 'leaving').length
  if (starting > 0) return { kind: 'booting', count: starting }
  return last ? { kind: 'broken', sentence: last.sentence } : { kind: 'cold' }
}

/**
 * The version that the next run of a deployment is made with. While a change of the version rolls over, that is the one
 * before, so that nothing waits for a boot, nor fails with a version that does not start.
 *
 * @param instances Those of its model.
 */
export function servingVersion(
  { ref, current }: Deployment,
  instances: readonly InstanceState[],
): string {
  const name = modelName(ref)
  const ready = instances.filter(
    ({ deployment, phase }) => deployment === name && phase === 'ready',
  )
  const earlier = ready.filter(({ version }) => version !== current.version)
  const least = Math.min(current.minInstances, current.maxInstances)
  if (ready.length - earlier.length >= least) return current.version
  const latest = earlier.toSorted((one, other) => (other.readyAt ?? 0) - (one.readyAt ?? 0))
  return latest[0]?.version ?? current.version
}

/** Why no container of the current release starts, as a sentence; null while one may. */
export function startProblem(state: DeploymentState): string | null {
  if (state.kind === 'broken') return state.sentence
  return state.kind === 'rolling over' ? state.problem : null
}

function hasNoRoom({ runs, slots }: InstanceState): boolean {
  return runs >= slots
}
