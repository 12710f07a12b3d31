import type { z } from '@hono/zod-openapi'
import { noPresentation, type Presentation, withEdit } from '../../../domain/model/edit.ts'
import type { Model } from '../../../domain/model/model.ts'
import type { ModelRecord } from '../../../domain/model/record.ts'
import { type ModelRef, modelName, parseModelRef, sameModel } from '../../../domain/model-ref.ts'
import type { Viewer } from '../../../domain/people/viewer.ts'
import { type ModelSubject, may } from '../../../domain/policy.ts'
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
  /** How it presents itself; a model without a version has only what was said here. */
  readonly about: Presentation
}

/** The same, of a model that was found or not. */
export function listedModel(
  { records, edits }: Pick<ApiDeps, 'records' | 'edits'>,
  ref: ModelRef,
  model: Model | null,
): ListedModel {
  const about = model ?? withEdit(noPresentation, edits.find(ref))
  return { ref, model, record: records.find(ref), about }
}

/** All models of the providers, then those that were created and have no version yet. */
export async function listModels(deps: ApiDeps, viewer: Viewer): Promise<ListedModel[]> {
  const models = await deps.runner.models()
  const known = new Set(models.map(({ ref }) => modelName(ref)))
  const unrun = deps.records.all().filter(({ ref }) => !known.has(modelName(ref)))
  const listed = [
    ...models.map((model) => listedModel(deps, model.ref, model)),
    ...unrun.map(({ ref }) => listedModel(deps, ref, null)),
  ]
  return listed.filter(({ ref, about }) =>
    may(viewer, 'see', { model: subjectOf(deps, ref, about) }),
  )
}

function subjectOf(
  { access }: Pick<ApiDeps, 'access'>,
  ref: ModelRef,
  { visibility }: Pick<ModelSubject, 'visibility'>,
): ModelSubject {
  return { ref, visibility, grants: access.of(ref) }
}

type ListedReading =
  | { readonly ok: true; readonly listed: ListedModel }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Finds a model of a provider, or one that was created here. When a model is neither listed nor
 * recorded and its upstream does not say whether it exists, that is the upstream’s problem.
 */
export async function findListed(
  deps: ApiDeps,
  viewer: Viewer,
  ref: ModelRef,
): Promise<ListedReading> {
  const { runner } = deps
  const listed = listedModel(deps, ref, await runner.findModel(ref))
  const { model, record } = listed
  if ((!model && !record) || !may(viewer, 'see', { model: subjectOf(deps, ref, listed.about) }))
    return { ok: false, problem: noModel }
  const problem = model && !record ? upstreamProblem(model) : null
  if (problem && !(await runner.models()).some((one) => sameModel(one.ref, ref)))
    return { ok: false, problem }
  return { ok: true, listed }
}

export const noModel = notFound('There is no model with this name.')

/** The model that the parameters of a path name. */
export async function modelAt(
  deps: ApiDeps,
  viewer: Viewer,
  params: z.output<typeof modelParams>,
): Promise<ListedReading> {
  const ref = parseModelRef(`${params.model_owner}/${params.model_name}`)
  return ref ? findListed(deps, viewer, ref) : { ok: false, problem: noModel }
}

/** The model that the parameters of a path name, for a viewer who may change it. */
export async function changeableModelAt(
  deps: ApiDeps,
  viewer: Viewer,
  params: z.output<typeof modelParams>,
): Promise<ListedReading> {
  const found = await modelAt(deps, viewer, params)
  if (!found.ok) return found
  const problem = whyNotChanged(viewer, found.listed.ref)
  return problem ? { ok: false, problem } : found
}

/** Why a viewer may not add or change a model of this name, whether it exists or not; null when they may. */
export function whyNotChanged(viewer: Viewer, ref: ModelRef): Problem | null {
  const model = { ref, visibility: 'public', grants: [] } as const
  if (may(viewer, 'change', { model })) return null
  const detail = `You do not act for ${ref.owner}. Its members and operators may add and change models of it.`
  return { title: 'Forbidden', status: 403, detail }
}
