import type { z } from '@hono/zod-openapi'
import { hardwareProblem } from '../../../domain/instance/hardware.ts'
import {
  type Deployment,
  type Release,
  type ReleaseChanges,
  released,
} from '../../../domain/model/deployment.ts'
import { type ModelRef, modelName, parseModelRef } from '../../../domain/model-ref.ts'
import type { Viewer } from '../../../domain/people/viewer.ts'
import { auditEntry } from '../../request/audit.ts'
import { usableModels } from '../../request/usable-models.ts'
import { usernameOf } from '../account.ts'
import type { ApiDeps } from '../api-deps.ts'
import {
  deploymentParams,
  deploymentSchema,
  newDeploymentSchema,
  releaseSchema,
} from '../models/model-schemas.ts'
import { findVersion } from '../models/model-version.ts'
import { invalid, type Problem, sendProblem } from '../problem.ts'
import { type Api, type ApiContext, answers, sendJson, serve, takes } from '../route.ts'
import { deploymentAt, deploymentJson, noDeployment } from './deployment.ts'

/** Creates, changes and deletes deployments. */
export function deploymentChangeRoutes(api: Api, deps: ApiDeps): void {
  creation(api, deps)
  update(api, deps)
  deletion(api, deps)
}

function creation(api: Api, deps: ApiDeps): void {
  const { deployments, config, now } = deps
  serve(
    api,
    {
      method: 'post',
      path: '/v1/deployments',
      operationId: 'deployments.create',
      summary: 'Create a deployment',
      description:
        'A model from an image gets containers of the deployment’s own, on the hardware that it names. Of other models, at most `max_instances` of its predictions run at once, within the concurrency of the model. The rest wait in the queue without holding up other predictions of the model. The deployment belongs to the account of the token.',
      request: { body: takes(newDeploymentSchema) },
      responses: { 200: answers('The deployment', deploymentSchema) },
    },
    async (c, { body }) => {
      const owner = usernameOf(c)
      const ref = parseModelRef(`${owner}/${body.name}`)
      if (!ref) return sendProblem(c, wrong('name', `${body.name} cannot be a name`))
      if (deployments.find(ref)) return sendProblem(c, taken(ref))
      const model = parseModelRef(body.model)
      if (!model || !(await usableModels(deps, c.get('viewer')).find(model)))
        return sendProblem(c, wrong('model', `There is no model ${body.model}`))
      const noSuch = hardwareProblem(body.hardware, config.hardware)
      if (noSuch) return sendProblem(c, wrong('hardware', noSuch))
      const problem = await versionProblem(deps, c.get('viewer'), model, body.version)
      if (problem) return sendProblem(c, problem)
      const asked = changesOf(body) as Required<Omit<ReleaseChanges, 'idleMs'>>
      const release = { number: 1, model, idleMs: null, ...asked }
      const by = { createdAt: now(), createdBy: owner }
      const deployment = { ref, current: { ...release, ...by } }
      const entry = entryOf(c, deps, ref, 'release 1')
      const saved = await deployments.save(deployment, entry)
      return saved ? sendJson(c, deploymentJson(deployment)) : sendProblem(c, taken(ref))
    },
  )
}

function update(api: Api, deps: ApiDeps): void {
  const { config, now } = deps
  serve(
    api,
    {
      method: 'patch',
      path: '/v1/deployments/{deployment_owner}/{deployment_name}',
      operationId: 'deployments.update',
      summary: 'Update a deployment',
      description:
        'Each change makes a new release. It applies immediately, including to predictions in the queue.',
      request: { params: deploymentParams, body: takes(releaseSchema) },
      responses: { 200: answers('The deployment', deploymentSchema) },
    },
    async (c, { params, body }) => {
      const found = deploymentAt(deps, c.get('viewer'), params)
      if (!found) return sendProblem(c, noDeployment)
      const { version, hardware = found.current.hardware } = body
      // A client may send what it has read, whatever operators have defined since.
      const noSuch =
        hardware === found.current.hardware ? null : hardwareProblem(hardware, config.hardware)
      if (noSuch) return sendProblem(c, wrong('hardware', noSuch))
      const problem =
        version && (await versionProblem(deps, c.get('viewer'), found.current.model, version))
      if (problem) return sendProblem(c, problem)
      const by = { createdAt: now(), createdBy: usernameOf(c) }
      const next = await release(c, deps, found.ref, changesOf(body), by)
      return next ? sendJson(c, deploymentJson(next)) : sendProblem(c, noDeployment)
    },
  )
}

function deletion(api: Api, deps: ApiDeps): void {
  const { deployments } = deps
  serve(
    api,
    {
      method: 'delete',
      path: '/v1/deployments/{deployment_owner}/{deployment_name}',
      operationId: 'deployments.delete',
      summary: 'Delete a deployment',
      description: 'Predictions already sent to it still run, within the concurrency of the model.',
      request: { params: deploymentParams },
      responses: { 204: { description: 'Deleted' } },
    },
    async (c, { params }) => {
      const found = deploymentAt(deps, c.get('viewer'), params)
      if (!found) return sendProblem(c, noDeployment)
      await deployments.remove(found.ref, entryOf(c, deps, found.ref, 'deleted'))
      return c.body(null, 204)
    },
  )
}

/** Saves a release with these changes, whatever others change meanwhile; null when it is gone. */
async function release(
  c: ApiContext,
  deps: ApiDeps,
  ref: ModelRef,
  ...change: [changes: ReleaseChanges, by: Pick<Release, 'createdAt' | 'createdBy'>]
): Promise<Deployment | null> {
  const { deployments } = deps
  for (let found = deployments.find(ref); found; found = deployments.find(ref)) {
    const next = released(found, ...change)
    const entry = entryOf(c, deps, ref, `release ${next.current.number}`)
    if (next === found || (await deployments.save(next, entry))) return next
  }
  return null
}

function entryOf(c: ApiContext, deps: ApiDeps, ref: ModelRef, detail: string) {
  return auditEntry(c, deps, 'deployment changed', modelName(ref), { detail })
}

/** Why a version of a model cannot be run; null when it can. */
async function versionProblem(
  deps: ApiDeps,
  viewer: Viewer,
  model: ModelRef,
  id: string,
): Promise<Problem | null> {
  const found = await findVersion(deps, viewer, `${modelName(model)}:${id}`)
  return found.ok ? null : found.problem
}

function wrong(field: string, description: string): Problem {
  return invalid([{ type: 'invalid', field, description }])
}

function taken(ref: ModelRef): Problem {
  return { status: 409, detail: `There is already a deployment ${modelName(ref)}.` }
}

function changesOf(body: z.output<typeof releaseSchema>): Omit<ReleaseChanges, 'idleMs'> {
  const named = {
    version: body.version,
    hardware: body.hardware,
    minInstances: body.min_instances,
    maxInstances: body.max_instances,
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}
