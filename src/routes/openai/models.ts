import type { JsonObject } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { makesEmbeddings, textInputs } from '../../domain/model/text-model.ts'
import { modelName, parseModelRef } from '../../domain/model-ref.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import type { ApiDeps } from '../api/api-deps.ts'
import { type ApiContext, sendJson } from '../api/route.ts'
import { usableModels } from '../request/usable-models.ts'
import { type ApiError, sendError } from './errors.ts'

/** Lists the models that can be asked here: those that make a text or embeddings. */
export async function listModels(c: ApiContext, deps: ApiDeps): Promise<Response> {
  const models = await usableModels(deps, c.get('viewer')).all()
  return sendJson(c, { object: 'list', data: models.filter(canBeAsked).map(modelJson) })
}

/** Describes one of them. */
export async function showModel(c: ApiContext, deps: ApiDeps, id: string): Promise<Response> {
  const model = await findModel(c, deps, id)
  if (!model) return sendError(c, noModel(id))
  return canBeAsked(model) ? sendJson(c, modelJson(model)) : sendError(c, otherKind(model))
}

/** The model with this id, as far as the sender may see it; null for any other id. */
export async function findModel(c: ApiContext, deps: ApiDeps, id: string): Promise<Model | null> {
  const ref = parseModelRef(id)
  return ref && usableModels(deps, c.get('viewer')).find(ref)
}

/** The error for a model that there is not. */
export function noModel(id: string): ApiError {
  return notAsked(
    `There is no model ${JSON.stringify(id.slice(0, 200))} here that you may use. GET /openai/v1/models lists those that there are.`,
  )
}

/** The error for a model that does something else than it was asked for. */
export function otherKind({ ref, version: { schema } }: Model): ApiError {
  return notAsked(`${modelName(ref)} ${whereItIsAsked(schema)}`)
}

function whereItIsAsked(schema: ModelSchema): string {
  if (textInputs(schema)) return 'makes text: send it to POST /openai/v1/chat/completions.'
  if (makesEmbeddings(schema)) return 'makes embeddings: send it to POST /openai/v1/embeddings.'
  return 'makes neither text nor embeddings: run it with POST /v1/predictions.'
}

/** OpenAI answers so for models of another kind, too. */
function notAsked(detail: string): ApiError {
  return { status: 404, detail, param: 'model', code: 'model_not_found' }
}

function canBeAsked({ version: { schema } }: Model): boolean {
  return textInputs(schema) !== null || makesEmbeddings(schema)
}

function modelJson({ ref, version: { createdAt } }: Model): JsonObject {
  return {
    id: modelName(ref),
    object: 'model',
    created: Math.floor(createdAt / 1000),
    owned_by: ref.owner,
  }
}
