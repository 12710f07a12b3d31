import { z } from '@hono/zod-openapi'
import { servingVersion } from '../../../domain/model/deployment-state.ts'
import { modelName } from '../../../domain/model-ref.ts'
import { may } from '../../../domain/policy.ts'
import { instancesOf } from '../../model-state.ts'
import type { ApiDeps } from '../api-deps.ts'
import { deploymentParams, deploymentSchema } from '../models/model-schemas.ts'
import { findVersion } from '../models/model-version.ts'
import { sendListed } from '../paging.ts'
import { createPrediction } from '../predictions/creation.ts'
import { sendProblem } from '../problem.ts'
import { type Api, answers, sendJson, serve, takes } from '../route.ts'
import { cursorQuery, pageOf, predictionRequest, predictionSchema } from '../schemas.ts'
import { deploymentAt, deploymentJson, noDeployment } from './deployment.ts'

/** Lists deployments, and runs models with them. */
export function deploymentRoutes(api: Api, deps: ApiDeps): void {
  listing(api, deps)
  lookUp(api, deps)
  run(api, deps)
}

function listing(api: Api, deps: ApiDeps): void {
  const { deployments } = deps
  serve(
    api,
    {
      method: 'get',
      path: '/v1/deployments',
      operationId: 'deployments.list',
      summary: 'List deployments',
      request: { query: cursorQuery },
      responses: { 200: answers('A page of deployments', pageOf(deploymentSchema)) },
    },
    (c) => {
      const viewer = c.get('viewer')
      const own = deployments.all().filter(({ ref }) => may(viewer, 'use', { deployment: ref }))
      return sendListed(c, deps, own, {
        keyOf: ({ ref }) => modelName(ref),
        json: (shown) => shown.map(deploymentJson),
      })
    },
  )
}

function lookUp(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/deployments/{deployment_owner}/{deployment_name}',
      operationId: 'deployments.get',
      summary: 'Get a deployment',
      request: { params: deploymentParams },
      responses: { 200: answers('The deployment', deploymentSchema) },
    },
    (c, { params }) => {
      const found = deploymentAt(deps, c.get('viewer'), params)
      return found ? sendJson(c, deploymentJson(found)) : sendProblem(c, noDeployment)
    },
  )
}

function run(api: Api, deps: ApiDeps): void {
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
      const deployment = deploymentAt(deps, c.get('viewer'), params)
      if (!deployment) return sendProblem(c, noDeployment)
      const { model } = deployment.current
      const version = servingVersion(deployment, instancesOf(deps, model))
      const found = await findVersion(deps, c.get('viewer'), `${modelName(model)}:${version}`)
      if (!found.ok) return sendProblem(c, found.problem)
      return createPrediction(c, deps, found.model, body, { deployment: deployment.ref })
    },
  )
}
