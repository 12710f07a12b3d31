import type { Deps } from '../../../deps.ts'
import { type JsonObject, sameJson } from '../../../domain/json/json.ts'
import { isDescribed, type Model, type Version } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { sendListed } from '../listed.ts'
import { notFound, type Problem, sendProblem } from '../problem.ts'
import { type Api, answers, sendJson, serve, takes } from '../route.ts'
import { cursorQuery, pageOf } from '../schemas.ts'
import { type ListedModel, versionJson } from './model-json.ts'
import { modelParams, newVersionSchema, versionParams, versionSchema } from './model-schemas.ts'
import { modelAt, ownModel } from './models.ts'
import { findSource } from './version-source.ts'

/** Versions of a model: the one it runs now, and those that were run before. */
export function versionRoutes(api: Api, deps: Deps): void {
  const { records, store } = deps
  serve(
    api,
    {
      method: 'get',
      path: '/v1/models/{model_owner}/{model_name}/versions',
      operationId: 'models.versions.list',
      summary: 'List the versions of a model',
      description: 'The current version first, then earlier versions that have predictions.',
      request: { params: modelParams, query: cursorQuery },
      responses: { 200: answers('A page of versions', pageOf(versionSchema)) },
    },
    async (c, { params }) => {
      const found = await modelAt(deps, params)
      if (!found.ok) return sendProblem(c, found.problem)
      const { ref } = found.listed
      const current = currentVersion(found.listed)
      const earlier = (await store.versionsOf(ref)).filter(({ id }) => id !== current?.id)
      const ids = [...(current ? [current.id] : []), ...earlier.map(({ id }) => id)]
      return sendListed(c, deps, ids, {
        keyOf: (id) => id,
        json: async (shown) => {
          const versions = await Promise.all(
            shown.map((id) => (id === current?.id ? current : store.findVersion(ref, id))),
          )
          return versions.flatMap((version) => (version ? [versionJson(version)] : []))
        },
      })
    },
  )
  serve(
    api,
    {
      method: 'post',
      path: '/v1/models/{model_owner}/{model_name}/versions',
      operationId: 'models.versions.create',
      summary: 'Create a version of a model',
      description:
        'Specific to Sandpit. Checks the source and runs the model there from now on: in one or more Cog containers, from a model folder on the server, or at Replicate. Earlier versions stay listed.',
      request: { params: modelParams, body: takes(newVersionSchema) },
      responses: { 201: answers('The new current version', versionSchema) },
    },
    async (c, { params, body }) => {
      const at = await modelAt(deps, params)
      if (!at.ok) return sendProblem(c, at.problem)
      const { ref, model, record } = at.listed
      if (model && !record?.source) return sendProblem(c, ownModel(ref, model.provider))
      const found = await findSource(deps, ref, body)
      if (!found.ok) return sendProblem(c, found.problem)
      const before = records.of(ref)
      await records.save({ ...before, source: found.source })
      const now = await modelOnceRead(deps, ref, found.schemas)
      if (!now || now.broken !== null) {
        await records.save(before)
        return sendProblem(c, notRunnable(now))
      }
      await store.addVersion(now.version)
      return sendJson(c, versionJson(now.version), 201)
    },
  )
  serve(
    api,
    {
      method: 'get',
      path: '/v1/models/{model_owner}/{model_name}/versions/{version_id}',
      operationId: 'models.versions.get',
      summary: 'Get a version of a model',
      request: { params: versionParams },
      responses: { 200: answers('The version', versionSchema) },
    },
    async (c, { params }) => {
      const found = await modelAt(deps, params)
      if (!found.ok) return sendProblem(c, found.problem)
      const version = await versionAt(deps, found.listed.ref, params.version_id)
      return version ? sendJson(c, versionJson(version)) : sendProblem(c, noVersion)
    },
  )
  serve(
    api,
    {
      method: 'delete',
      path: '/v1/models/{model_owner}/{model_name}/versions/{version_id}',
      operationId: 'models.versions.delete',
      summary: 'Delete a version that has no predictions',
      description:
        'The current version can be deleted if the model was added here. The model then has no version.',
      request: { params: versionParams },
      responses: { 202: { description: 'Deleted' } },
    },
    async (c, { params }) => {
      const found = await modelAt(deps, params)
      if (!found.ok) return sendProblem(c, found.problem)
      const { ref, model, record } = found.listed
      const id = params.version_id
      if (!(await versionAt(deps, ref, id))) return sendProblem(c, noVersion)
      const isCurrent = id === currentVersion(found.listed)?.id
      if (isCurrent && model && !record?.source)
        return sendProblem(c, ownModel(ref, model.provider))
      const held = deps.deployments
        .all()
        .find(
          ({ current }) => modelName(current.model) === modelName(ref) && current.version === id,
        )
      if (held) return sendProblem(c, inUse(`The deployment ${modelName(held.ref)} runs it`))
      if (!(await store.removeVersion(ref, id)) && (await store.findVersion(ref, id)))
        return sendProblem(c, inUse('It has predictions'))
      if (isCurrent && record) await records.save({ ...record, source: null })
      return c.body(null, 202)
    },
  )
}

/** Each look waits for a container for a while. */
const mostLooks = 10

/**
 * The model once its provider has read what was just found there: a container that is slow to say
 * what it takes is still known by what it said before.
 */
async function modelOnceRead(
  { runner }: Deps,
  ref: ModelRef,
  schemas: JsonObject,
): Promise<Model | null> {
  for (let looks = 1; ; looks++) {
    const model = await runner.findModel(ref)
    const isRead = model && isDescribed(model) && sameJson(model.version.schema.schemas, schemas)
    if (isRead || looks === mostLooks) return model
  }
}

/** A version as its provider has it, else as it is kept. */
async function versionAt(
  { runner, store }: Deps,
  ref: ModelRef,
  id: string,
): Promise<Version | null> {
  const model = await runner.findModel(ref, id)
  const isThere = model?.version.id === id && isDescribed(model)
  return isThere ? model.version : store.findVersion(ref, id)
}

/** Null when it has none, or nobody can say which. */
function currentVersion({ model }: ListedModel): Version | null {
  return model && isDescribed(model) ? model.version : null
}

const noVersion = notFound('There is no version with this id.')

function inUse(why: string): Problem {
  return { status: 422, detail: `This version cannot be deleted. ${why}: delete that first.` }
}

function notRunnable(model: Model | null): Problem {
  const why = model?.broken ?? 'nothing responds there'
  return { status: 422, detail: `The model cannot run there: ${why}` }
}
