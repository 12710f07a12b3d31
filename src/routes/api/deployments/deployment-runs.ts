import { z } from '@hono/zod-openapi'
import type { Deps } from '../../../deps.ts'
import type { Deployment } from '../../../domain/model/deployment.ts'
import { modelName } from '../../../domain/model-ref.ts'
import { deploymentParams } from '../models/model-schemas.ts'
import { findVersion } from '../models/model-version.ts'
import { createPrediction } from '../predictions/creation.ts'
import { notFound, sendProblem } from '../problem.ts'
import { type Api, answers, serve, takes } from '../route.ts'
import { predictionRequest, predictionSchema } from '../schemas.ts'

export const noDeployment = notFound('There is no deployment with this name.')

/** Predictions that are sent to a deployment. */
export function deploymentRunRoutes(api: Api, deps: Deps): void {
  serve(
    api,
    {
      method: 'post',
      path: '/v1/deployments/{deployment_owner}/{deployment_name}/predictions',
      operationId: 'deployments.predictions.create',
      summary: 'Create a prediction with a deployment',
      request: { params: deploymentParams, body: takes(z.strictObject(predictionRequest)) },
      responses: {
        201: answers('The prediction', predictionSchema),
        202: answers('The prediction, before its output is complete', predictionSchema),
      },
    },
    async (c, { params, body }) => {
      const deployment = deploymentAt(deps, params)
      if (!deployment) return sendProblem(c, noDeployment)
      const { model, version } = deployment.current
      const found = await findVersion(deps, `${modelName(model)}:${version}`)
      if (!found.ok) return sendProblem(c, found.problem)
      return createPrediction(c, deps, found.model, body, { deployment: deployment.ref })
    },
  )
}

/** The deployment of an address; null when there is none. */
export function deploymentAt(
  { deployments }: Deps,
  { deployment_owner, deployment_name }: z.output<typeof deploymentParams>,
): Deployment | null {
  return deployments.find({ owner: deployment_owner, name: deployment_name })
}
