import type { z } from '@hono/zod-openapi'
import { hardwareProblem } from '../../../domain/instance/hardware.ts'
import { type EditedFields, noFields } from '../../../domain/model/edit.ts'
import type { Model } from '../../../domain/model/model.ts'
import { type ModelRef, modelName, parseModelRef } from '../../../domain/model-ref.ts'
import type { AuditEntry } from '../../../domain/people/audit.ts'
import { auditEntry } from '../../request/audit.ts'
import type { ApiDeps } from '../api-deps.ts'
import { invalid, type Problem, sendProblem } from '../problem.ts'
import { type Api, type ApiContext, answers, sendJson, serve, takes } from '../route.ts'
import {
  changeableModelAt,
  findListed,
  type ListedModel,
  listedModel,
  modelAt,
  noModel,
  whyNotChanged,
} from './listed-models.ts'
import { modelsJson } from './model-json.ts'
import { modelChangesSchema, modelParams, modelSchema, newModelSchema } from './model-schemas.ts'

/** Creates, reads, changes and deletes models; their versions have routes of their own. */
export function modelRecordRoutes(api: Api, deps: ApiDeps): void {
  creation(api, deps)
  lookUp(api, deps)
  update(api, deps)
  deletion(api, deps)
}

function creation(api: Api, deps: ApiDeps): void {
  const { records, config } = deps
  serve(
    api,
    {
      method: 'post',
      path: '/v1/models',
      operationId: 'models.create',
      summary: 'Create a model without a version',
      request: { body: takes(newModelSchema) },
      responses: { 201: answers('The model', modelSchema) },
    },
    async (c, { body }) => {
      const ref = parseModelRef(`${body.owner}/${body.name}`)
      if (!ref) return sendProblem(c, badName(body))
      const problem = whyNotChanged(c.get('viewer'), ref)
      if (problem) return sendProblem(c, problem)
      const noSuch = hardwareProblem(body.hardware, config.hardware)
      if (noSuch)
        return sendProblem(c, invalid([{ type: 'enum', field: 'hardware', description: noSuch }]))
      const found = await findListed(deps, c.get('viewer'), ref)
      if (found.ok) return sendProblem(c, taken(ref))
      if (found.problem !== noModel) return sendProblem(c, found.problem)
      const added = auditEntry(c, deps, 'model added', modelName(ref))
      await Promise.all([
        records.save({ ...records.of(ref), hardware: body.hardware }, added),
        changeEdit(deps, c, ref, { ...noFields, ...editOf(body) }),
      ])
      return sendModel(c, deps, listedModel(deps, ref, null), 201)
    },
  )
}

function lookUp(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/models/{model_owner}/{model_name}',
      operationId: 'models.get',
      summary: 'Get a model',
      request: { params: modelParams },
      responses: { 200: answers('The model', modelSchema) },
    },
    async (c, { params }) => {
      const found = await modelAt(deps, c.get('viewer'), params)
      return found.ok ? sendModel(c, deps, found.listed) : sendProblem(c, found.problem)
    },
  )
}

function update(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'patch',
      path: '/v1/models/{model_owner}/{model_name}',
      operationId: 'models.update',
      summary: 'Update a model',
      request: { params: modelParams, body: takes(modelChangesSchema) },
      responses: { 200: answers('The model', modelSchema) },
    },
    async (c, { params, body }) => {
      const found = await changeableModelAt(deps, c.get('viewer'), params)
      if (!found.ok) return sendProblem(c, found.problem)
      const { listed } = found
      const changes = editOf(body)
      const stated = { detail: Object.keys(changes).join(', ') }
      const entry = auditEntry(c, deps, 'model changed', modelName(listed.ref), stated)
      await changeEdit(deps, c, listed.ref, changes, entry)
      const changed = await findListed(deps, c.get('viewer'), listed.ref)
      return sendModel(c, deps, changed.ok ? changed.listed : listed)
    },
  )
}

function deletion(api: Api, deps: ApiDeps): void {
  const { records, edits } = deps
  serve(
    api,
    {
      method: 'delete',
      path: '/v1/models/{model_owner}/{model_name}',
      operationId: 'models.delete',
      summary: 'Delete a model that was created through the API or added by an operator',
      description: 'Its predictions are still available.',
      request: { params: modelParams },
      responses: { 204: { description: 'Deleted' } },
    },
    async (c, { params }) => {
      const found = await changeableModelAt(deps, c.get('viewer'), params)
      if (!found.ok) return sendProblem(c, found.problem)
      const { listed } = found
      const problem = whyKept(deps, listed)
      if (problem) return sendProblem(c, problem)
      const entry = auditEntry(c, deps, 'model removed', modelName(listed.ref))
      await Promise.all([records.remove(listed.ref, entry), edits.remove(listed.ref)])
      return c.body(null, 204)
    },
  )
}

async function sendModel(
  c: ApiContext,
  deps: ApiDeps,
  listed: ListedModel,
  status: 200 | 201 = 200,
): Promise<Response> {
  const [json] = await modelsJson(c, deps, [listed])
  return sendJson(c, json ?? null, status)
}

/** Why a model cannot be deleted; null when it can. Only models that were added here can be. */
function whyKept(deps: ApiDeps, { ref, model, record }: ListedModel): Problem | null {
  if (model && !record?.source) return ownModel(deps, model)
  const held = deps.deployments
    .all()
    .find(({ current }) => modelName(current.model) === modelName(ref))
  if (!held) return null
  const detail = `The deployment ${modelName(held.ref)} runs this model. Delete that first.`
  return { status: 422, detail }
}

/** Why a model cannot be given a version or be deleted here. */
export function ownModel(
  { providers }: Pick<ApiDeps, 'providers'>,
  { ref, provider }: Model,
): Problem {
  const origin = providers.find(({ name }) => name === provider)?.origin ?? provider
  const detail = `${modelName(ref)} was not added here: ${origin}. Change it there.`
  return { status: 422, detail }
}

function taken(ref: ModelRef): Problem {
  return { status: 409, detail: `There is already a model ${modelName(ref)}.` }
}

function badName({ owner, name }: { readonly owner: string; readonly name: string }): Problem {
  const plain = parseModelRef(`some/${name}`) !== null
  const description = plain
    ? `${owner} cannot be an owner. Use letters, digits, dots and dashes, and no reserved name`
    : `${name} cannot be a name. Use letters, digits, dots and dashes`
  return invalid([{ type: 'pattern', field: plain ? 'owner' : 'name', description }])
}

/** Edits a model, whatever others change meanwhile: a request says nothing of what it has seen. */
async function changeEdit(
  { edits }: ApiDeps,
  c: ApiContext,
  ref: ModelRef,
  changes: Partial<EditedFields>,
  entry?: AuditEntry,
): Promise<void> {
  const { id: viewer } = c.get('viewer')
  let saved = false
  while (!saved)
    saved = await edits.save(ref, changes, { viewer, revision: edits.of(ref).revision, entry })
}

/** The fields that a request edits. */
function editOf(said: z.output<typeof modelChangesSchema>): Partial<EditedFields> {
  const named = {
    description: said.description,
    readme: said.readme,
    visibility: said.visibility === 'public' ? null : said.visibility,
    github: said.github_url,
    paper: said.paper_url,
    license: said.license_url,
    cover: said.cover_image_url === undefined ? undefined : { url: said.cover_image_url },
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}
