import type { z } from '@hono/zod-openapi'
import { isoTime } from '../../../../views/format.tsx'
import type { JsonObject } from '../../../domain/json/json.ts'
import type { Deployment } from '../../../domain/model/deployment.ts'
import { modelName } from '../../../domain/model-ref.ts'
import type { Viewer } from '../../../domain/people/viewer.ts'
import { may } from '../../../domain/policy.ts'
import type { ApiDeps } from '../api-deps.ts'
import type { deploymentParams } from '../models/model-schemas.ts'
import { notFound } from '../problem.ts'

export const noDeployment = notFound('There is no deployment with this name.')

/** The deployment that the parameters of a path name, if the viewer may use it. */
export function deploymentAt(
  { deployments }: ApiDeps,
  viewer: Viewer,
  { deployment_owner, deployment_name }: z.output<typeof deploymentParams>,
): Deployment | null {
  const found = deployments.find({ owner: deployment_owner, name: deployment_name })
  return found && may(viewer, 'use', { deployment: found.ref }) ? found : null
}

/** A deployment in Replicate’s format. */
export function deploymentJson({ ref, current }: Deployment): JsonObject {
  return {
    owner: ref.owner,
    name: ref.name,
    current_release: {
      number: current.number,
      model: modelName(current.model),
      version: current.version,
      created_at: isoTime(current.createdAt),
      created_by: { type: 'organization', username: current.createdBy, name: 'Sandpit' },
      configuration: {
        hardware: current.hardware,
        min_instances: current.minInstances,
        max_instances: current.maxInstances,
      },
    },
  }
}
