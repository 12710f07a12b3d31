import type { HardwareRowProps, RunBy } from '../../../views/editing/deployment-form.tsx'
import type { DeploymentLine } from '../../../views/editing/deployments-table.tsx'
import type { Deps } from '../../deps.ts'
import type { Deployment } from '../../domain/model/deployment.ts'
import { type DeploymentState, deploymentState } from '../../domain/model/deployment-state.ts'
import { isDescribed, type Model } from '../../domain/model/model.ts'
import { byName } from '../../domain/model/order.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { mayOperate } from '../../domain/policy.ts'
import { currentWarmth, instancesOf } from '../model-state.ts'

/** The deployments that a viewer sees, with what they do now. `models`: those that the viewer may use. */
export async function deploymentLines(
  deps: Deps,
  viewer: Viewer,
  models: readonly Model[],
): Promise<readonly DeploymentLine[]> {
  const known = byName(models)
  const lines: DeploymentLine[] = []
  for (const deployment of deps.deployments.all()) {
    const { model: ref, version } = deployment.current
    const model = known.get(modelName(ref)) ?? null
    // To those who may not see its model, a deployment does not exist.
    if (!model && !mayOperate(viewer)) continue
    lines.push({
      deployment,
      isNewest: !model || !isDescribed(model) || model.version.id === version,
      warmth: model && currentWarmth(deps, model),
      state: model && stateOf(deps, deployment, model),
      hardware: hardwareOf(deps, deployment),
      bootMs: deps.runTimes.typicalBoot(ref),
      ...(await deps.runner.deploymentLoad(ref, deployment.ref)),
    })
  }
  return lines
}

/** What runs the predictions of the deployments of a model. */
export function runByOf({ providers }: Deps, { ref, provider, limits }: Model): RunBy {
  if (limits.instanceSlots !== undefined) return 'containers'
  const names = providers.find(({ name }) => name === provider)?.instanceChoices?.(ref) ?? []
  return names.includes('min') ? 'processes' : 'elsewhere'
}

/** The hardware that there is, and which deployments have GPUs of it to themselves now. */
export function hardwareRow(deps: Deps): HardwareRowProps {
  const { hardware } = deps.config
  const taken = hardware
    .filter(({ gpus }) => gpus > 0)
    .flatMap(({ name }) => {
      const names = deps.deployments
        .all()
        .filter((one) => hardwareOf(deps, one)?.name === name && hasInstances(deps, one))
        .map(({ ref }) => modelName(ref))
      return names.length === 0 ? [] : [`Now on ${name}: ${names.join(', ')}.`]
    })
  return { hardware, taken: taken.join(' ') }
}

/** What its containers do; null for one without containers of its own. */
export function stateOf(deps: Deps, deployment: Deployment, model: Model): DeploymentState | null {
  const { ref, provider } = model
  const instances = deps.providers.find(({ name }) => name === provider)?.instances
  if (!instances || runByOf(deps, model) !== 'containers') return null
  const failures = instances.failures(ref, deployment.ref)
  return deploymentState(deployment, instances.of(ref), failures)
}

/** That of its model, where it names none that there is. */
function hardwareOf({ config, records }: Deps, { current }: Deployment) {
  const named = (one: string | null) => config.hardware.find(({ name }) => name === one)
  return named(current.hardware) ?? named(records.of(current.model).hardware) ?? null
}

function hasInstances(deps: Deps, { ref, current }: Deployment): boolean {
  const name = modelName(ref)
  return instancesOf(deps, current.model).some(({ deployment }) => deployment === name)
}
