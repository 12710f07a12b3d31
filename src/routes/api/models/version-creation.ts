import { type JsonObject, sameJson } from '../../../domain/json/json.ts'
import { isDescribed, type Model } from '../../../domain/model/model.ts'
import type { ModelSource } from '../../../domain/model/record.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { mayOperate } from '../../../domain/policy.ts'
import { auditEntry } from '../../request/audit.ts'
import type { ApiDeps } from '../api-deps.ts'
import { type Problem, sendProblem } from '../problem.ts'
import { type Api, answers, sendJson, serve, takes } from '../route.ts'
import { changeableModelAt } from './listed-models.ts'
import { versionJson } from './model-json.ts'
import { modelParams, newVersionSchema, versionSchema } from './model-schemas.ts'
import { ownModel } from './models.ts'
import { findSource } from './version-source.ts'

/** Creates a version of a model, from the place where the model runs. */
export function versionCreation(api: Api, deps: ApiDeps): void {
  const { records, store } = deps
  serve(
    api,
    {
      method: 'post',
      path: '/v1/models/{model_owner}/{model_name}/versions',
      operationId: 'models.versions.create',
      summary: 'Create a version of a model',
      description:
        'Specific to Sandpit. Checks the source and runs the model there from now on: in one or more Cog containers, from a model folder on the server, or at Replicate. Earlier versions stay listed.',
      request: { params: modelParams, body: takes(newVersionSchema(deps.providers)) },
      responses: { 201: answers('The new current version', versionSchema) },
    },
    async (c, { params, body }) => {
      const at = await changeableModelAt(deps, c.get('viewer'), params)
      if (!at.ok) return sendProblem(c, at.problem)
      // Its sources reach out to other servers, or read the disk of this one.
      if (!mayOperate(c.get('viewer'))) return sendProblem(c, operatorsOnly)
      const { ref, model, record } = at.listed
      const own = record?.source ? null : model
      if (own && !(record && opensByName(deps, own))) return sendProblem(c, ownModel(deps, own))
      const found = await findSource(deps, ref, body)
      if (!found.ok) return sendProblem(c, found.problem)
      if (own && own.provider !== found.source.provider) return sendProblem(c, ownModel(deps, own))
      const before = records.of(ref)
      const kept = keptSource(deps, found.source, before.source)
      if (!('source' in kept)) return sendProblem(c, { status: 422, detail: kept.problem })
      const entry = auditEntry(c, deps, 'model changed', modelName(ref), {
        detail: 'a new version',
      })
      await records.save({ ...before, source: kept.source }, entry)
      const now = await modelOnceRead(deps, ref, found.schemas)
      if (!now || now.broken !== null) {
        await records.save(before)
        return sendProblem(c, notRunnable(now))
      }
      await store.addVersion(now.version)
      return sendJson(c, versionJson(now.version), 201)
    },
  )
}

/** What is kept of a new source: with earlier versions, where its provider can still run them. */
function keptSource(
  { providers }: ApiDeps,
  source: ModelSource,
  before: ModelSource | null,
): { readonly source: ModelSource } | { readonly problem: string } {
  const sources = providers.find(({ name }) => name === source.provider)?.sources
  if (before?.provider !== source.provider || !sources?.renewed) return { source }
  return sources.renewed(source, before)
}

/** Whether its provider finds all models of an upstream: one that was made here may have come to be there since. */
function opensByName({ providers }: ApiDeps, model: Model): boolean {
  return providers.some(({ name, search }) => name === model.provider && search !== undefined)
}

/** Reading a model waits for its container, so these are few. */
const mostLooks = 10

/**
 * The model once its provider has read these schemas. A container that is slow to answer is known by
 * its previous schemas until then.
 */
async function modelOnceRead(
  { runner }: ApiDeps,
  ref: ModelRef,
  schemas: JsonObject,
): Promise<Model | null> {
  for (let looks = 1; ; looks++) {
    const model = await runner.findModel(ref)
    const isRead = model && isDescribed(model) && sameJson(model.version.schema.schemas, schemas)
    if (isRead || looks === mostLooks) return model
  }
}

const operatorsOnly: Problem = {
  title: 'Forbidden',
  status: 403,
  detail: 'Only operators say where a model runs.',
}

function notRunnable(model: Model | null): Problem {
  const why = model?.broken ?? 'nothing responds there'
  return { status: 422, detail: `The model cannot run there: ${why}` }
}
