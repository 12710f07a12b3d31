import type { z } from '@hono/zod-openapi'
import type { Model } from '../../../domain/model/model.ts'
import type { ModelRecord } from '../../../domain/model/record.ts'
import { type ModelRef, modelName, parseModelRef, sameModel } from '../../../domain/model-ref.ts'
import type { ApiDeps } from '../api-deps.ts'
import { notFound, type Problem } from '../problem.ts'
import { upstreamProblem } from '../upstream-problem.ts'
import type { modelParams } from './model-schemas.ts'

/** A model as the API lists it: of a provider, from a record, or both. */
export interface ListedModel {
  readonly ref: ModelRef
  /** Null for a model that was created and has no version yet. */
  readonly model: Model | null
  readonly record: ModelRecord | null
}

/** All models of the providers, then those that were created and have no version yet. */
export async function listModels({ runner, records }: ApiDeps): Promise<ListedModel[]> {
  const models = await runner.models()
  const known = new Set(models.map(({ ref }) => modelName(ref)))
  return [
    ...models.map((model) => ({ ref: model.ref, model, record: records.find(model.ref) })),
    ...records
      .all()
      .filter(({ ref }) => !known.has(modelName(ref)))
      .map((record) => ({ ref: record.ref, model: null, record })),
  ]
}

export type ListedReading =
  | { readonly ok: true; readonly listed: ListedModel }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Finds a model of a provider, or one that was created here. When a model is neither listed nor
 * recorded and its upstream does not say whether it exists, that is the upstream’s problem.
 */
export async function findListed(
  { runner, records }: ApiDeps,
  ref: ModelRef,
): Promise<ListedReading> {
  const model = await runner.findModel(ref)
  const record = records.find(ref)
  if (!model && !record) return { ok: false, problem: noModel }
  const problem = model && !record ? upstreamProblem(model) : null
  if (problem && !(await runner.models()).some((one) => sameModel(one.ref, ref)))
    return { ok: false, problem }
  return { ok: true, listed: { ref, model, record } }
}

export const noModel = notFound('There is no model with this name.')

/** The model that the parameters of a path name. */
export async function modelAt(
  deps: ApiDeps,
  params: z.output<typeof modelParams>,
): Promise<ListedReading> {
  const ref = parseModelRef(`${params.model_owner}/${params.model_name}`)
  return ref ? findListed(deps, ref) : { ok: false, problem: noModel }
}
