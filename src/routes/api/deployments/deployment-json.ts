import type { JsonObject } from '../../../domain/json/json.ts'
import type { Deployment } from '../../../domain/model/deployment.ts'
import { modelName } from '../../../domain/model-ref.ts'

/** A deployment as Replicate writes it. */
export function deploymentJson({ ref, current }: Deployment): JsonObject {
  return {
    owner: ref.owner,
    name: ref.name,
    current_release: {
      number: current.number,
      model: modelName(current.model),
      version: current.version,
      created_at: new Date(current.createdAt).toISOString(),
      created_by: { type: 'organization', username: current.createdBy, name: 'Sandpit' },
      configuration: {
        hardware: current.hardware,
        min_instances: current.minInstances,
        max_instances: current.maxInstances,
      },
    },
  }
}
