import { isDescribed, type Version } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { deploymentsWith, keptVersions, sourceWithout } from '../../kept-versions.ts'
import { auditEntry } from '../../request/audit.ts'
import type { ApiDeps } from '../api-deps.ts'
import { sendListed } from '../paging.ts'
import { notFound, type Problem, sendProblem } from '../problem.ts'
import { type Api, answers, sendJson, serve } from '../route.ts'
import { cursorQuery, pageOf } from '../schemas.ts'
import { changeableModelAt, type ListedModel, modelAt } from './listed-models.ts'
import { versionJson } from './model-json.ts'
import { modelParams, versionParams, versionSchema } from './model-schemas.ts'
import { ownModel } from './models.ts'
import { versionCreation } from './version-creation.ts'

/** The versions of a model: the current one, and those that have predictions. */
export function versionRoutes(api: Api, deps: ApiDeps): void {
  listing(api, deps)
  versionCreation(api, deps)
  lookUp(api, deps)
  deletion(api, deps)
}

function listing(api: Api, deps: ApiDeps): void {
  const { store } = deps
  serve(
    api,
    {
      method: 'get',
      path: '/v1/models/{model_owner}/{model_name}/versions',
      operationId: 'models.versions.list',
      summary: 'List the versions of a model',
      description:
        'The current version first, then earlier versions that can be run or have predictions.',
      request: { params: modelParams, query: cursorQuery },
      responses: { 200: answers('A page of versions', pageOf(versionSchema)) },
    },
    async (c, { params }) => {
      const found = await modelAt(deps, c.get('viewer'), params)
      if (!found.ok) return sendProblem(c, found.problem)
      const { ref } = found.listed
      const current = currentVersion(found.listed)
      const kept = keptVersions(deps, ref).map(({ version }) => version)
      const earlier = await store.versionsOf(ref)
      const ids = [
        ...new Set([...(current ? [current] : []), ...kept, ...earlier].map(({ id }) => id)),
      ]
      return sendListed(c, deps, ids, {
        keyOf: (id) => id,
        json: async (shown) => {
          const versions = await Promise.all(
            shown.map(
              (id) =>
                [current, ...kept].find((one) => one?.id === id) ?? store.findVersion(ref, id),
            ),
          )
          return versions.flatMap((version) => (version ? [versionJson(version)] : []))
        },
      })
    },
  )
}

function lookUp(api: Api, deps: ApiDeps): void {
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
      const found = await modelAt(deps, c.get('viewer'), params)
      if (!found.ok) return sendProblem(c, found.problem)
      const version = await versionAt(deps, found.listed.ref, params.version_id)
      return version ? sendJson(c, versionJson(version)) : sendProblem(c, noVersion)
    },
  )
}

function deletion(api: Api, deps: ApiDeps): void {
  const { records, store } = deps
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
      const found = await changeableModelAt(deps, c.get('viewer'), params)
      if (!found.ok) return sendProblem(c, found.problem)
      const { ref, model, record } = found.listed
      const id = params.version_id
      if (!(await versionAt(deps, ref, id))) return sendProblem(c, noVersion)
      const isCurrent = id === currentVersion(found.listed)?.id
      if (isCurrent && model && !record?.source) return sendProblem(c, ownModel(deps, model))
      const [held] = deploymentsWith(deps, ref, id)
      if (held !== undefined) return sendProblem(c, inUse(`The deployment ${held} runs it`))
      const others = keptVersions(deps, ref).filter(({ version }) => version.id !== id)
      if (isCurrent && others.length > 0) return sendProblem(c, isDefault)
      const stated = { detail: `version ${id.slice(0, 12)} deleted` }
      const entry = auditEntry(c, deps, 'model changed', modelName(ref), stated)
      const removed = await store.recording(entry).removeVersion(ref, id)
      if (!removed && (await store.findVersion(ref, id)))
        return sendProblem(c, inUse('It has predictions'))
      const isForgotten = await forgetKept(deps, ref, id)
      const source = isCurrent ? null : sourceWithout(deps, ref, id)
      // Another replica may have removed it, while this one kept what runs it until now.
      const wasThere = removed || (isForgotten && !deps.isShared)
      if (!wasThere && !isCurrent && !source) return sendProblem(c, noVersion)
      if ((isCurrent || source) && record) await records.save({ ...record, source })
      return c.body(null, 202)
    },
  )
}

/** Removes what providers keep of a version. Resolves with whether one did. */
async function forgetKept({ providers }: ApiDeps, ref: ModelRef, id: string): Promise<boolean> {
  const forgotten = await Promise.all(providers.map((one) => one.forget?.(ref, id) ?? false))
  return forgotten.includes(true)
}

/** A version that the provider can run, else one that is only stored. */
async function versionAt(
  { runner, store }: ApiDeps,
  ref: ModelRef,
  id: string,
): Promise<Version | null> {
  const model = await runner.findModel(ref, id)
  const isThere = model?.version.id === id && isDescribed(model)
  return isThere ? model.version : store.findVersion(ref, id)
}

/** Null when the model has none, or its schema is not known. */
function currentVersion({ model }: ListedModel): Version | null {
  return model && isDescribed(model) ? model.version : null
}

const isDefault: Problem = {
  status: 422,
  detail: 'This version runs by default. Make another one the default first.',
}

const noVersion = notFound('There is no version with this id.')

function inUse(why: string): Problem {
  return { status: 422, detail: `This version cannot be deleted. ${why}: delete that first.` }
}
