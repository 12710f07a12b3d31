import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Deps } from '../../../deps.ts'
import { newId } from '../../../domain/id.ts'
import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { statedCogVersion } from '../../../domain/model/cog-version.ts'
import { modelDocument } from '../../../domain/model/document.ts'
import { isDescribed, type Model, type Version } from '../../../domain/model/model.ts'
import { type ModelRecord, noDetails } from '../../../domain/model/record.ts'
import { type ModelRef, modelName, sameModel } from '../../../domain/model-ref.ts'
import { originOf } from '../../request/page.tsx'
import { predictionAnswer } from '../predictions/prediction-answer.ts'
import { notFound, type Problem } from '../problem.ts'
import type { ApiContext } from '../route.ts'
import { upstreamProblem } from '../upstream-problem.ts'

/** A model as the API lists it: what a provider knows, what was said of it, or both. */
export interface ListedModel {
  readonly ref: ModelRef
  /** Null for one that was made and has no version yet. */
  readonly model: Model | null
  readonly record: ModelRecord | null
}

/** Every model that a provider has, then those that were made and have no version yet. */
export async function listModels({ runner, records }: Deps): Promise<ListedModel[]> {
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

/** What the address of a model leads to. */
export type ListedReading =
  | { readonly ok: true; readonly listed: ListedModel }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Finds a model that a provider has or that was made here. One that nobody here has named, and of
 * which its upstream does not say whether it has it, is a problem of the upstream.
 */
export async function findListed({ runner, records }: Deps, ref: ModelRef): Promise<ListedReading> {
  const model = await runner.findModel(ref)
  const record = records.find(ref)
  if (!model && !record) return { ok: false, problem: noModel }
  const problem = model && !record ? upstreamProblem(model) : null
  if (problem && !(await runner.models()).some((one) => sameModel(one.ref, ref)))
    return { ok: false, problem }
  return { ok: true, listed: { ref, model, record } }
}

export const noModel = notFound('There is no model with this name.')

/** Models as Replicate writes them. */
export async function modelsJson(
  c: ApiContext,
  deps: Deps,
  listed: readonly ListedModel[],
): Promise<JsonObject[]> {
  const runs = await deps.store.runCounts()
  return Promise.all(listed.map((one) => modelJson(c, deps, one, runs)))
}

async function modelJson(
  c: ApiContext,
  deps: Deps,
  { ref, model, record }: ListedModel,
  runs: ReadonlyMap<string, number>,
): Promise<JsonObject> {
  const details = record?.details ?? noDetails
  const origin = originOf(c, deps)
  const cover = model?.cover ? `${origin}${deps.paths.modelFile(ref, model.cover)}` : null
  const [example] = model ? await examplesJson(c, deps, model, 1) : []
  return {
    url: `${origin}${deps.paths.model(ref)}`,
    owner: ref.owner,
    name: ref.name,
    description: model?.description ?? details.description,
    visibility: details.visibility,
    is_official: false,
    github_url: details.githubUrl,
    paper_url: details.paperUrl,
    license_url: details.licenseUrl,
    run_count: runs.get(modelName(ref)) ?? 0,
    cover_image_url: details.coverImageUrl ?? cover,
    default_example: example ?? null,
    latest_version: model && isDescribed(model) ? versionJson(model.version) : null,
  }
}

export function versionJson({ id, createdAt, cogVersion, schema }: Version): JsonObject {
  return {
    id,
    created_at: new Date(createdAt).toISOString(),
    cog_version: statedCogVersion(cogVersion ?? null),
    openapi_schema: modelDocument(schema.schemas),
  }
}

/** What was made and shown as an example, oldest first; then the inputs that the model comes with. */
export async function examplesJson(
  c: ApiContext,
  deps: Deps,
  model: Model,
  most: number,
): Promise<JsonObject[]> {
  const origin = originOf(c, deps)
  const made = (await deps.store.examplesOf(model.ref)).slice(0, most)
  const found = await Promise.all(made.map(({ id }) => deps.runner.find(id)))
  const shown = await Promise.all(
    found.flatMap((one) => (one ? [predictionAnswer(deps, origin, one)] : [])),
  )
  const given = examplesGiven(model)
    .slice(0, Math.max(0, most - shown.length))
    .map((example) => givenExample(c, deps, model, example))
  return [...shown, ...given]
}

/** An input that a model comes with, and the id that it goes by. */
interface GivenExample {
  readonly id: string
  readonly input: JsonObject
  /** From 1. */
  readonly number: number
}

const knownExamples = new WeakMap<Model, readonly GivenExample[]>()

/** Whose example an id is, for models that are not listed: they open at their names. */
const owners = new LRUCache<string, ModelRef>({ max: 10_000 })

/** Of what nobody can say what it takes, nothing is an example. */
function examplesGiven(model: Model): readonly GivenExample[] {
  if (!isDescribed(model)) return []
  const known = knownExamples.get(model)
  if (known) return known
  const examples = model.examples.map((input, index) => {
    const hash = createHash('sha256').update(`${model.version.id} example ${index}`).digest()
    return { id: newId(hash), input, number: index + 1 }
  })
  knownExamples.set(model, examples)
  return examples
}

/** An input that a model comes with by the id that it goes by; null when there is none. */
export async function givenExampleAt(
  c: ApiContext,
  deps: Deps,
  id: string,
): Promise<JsonObject | null> {
  const owner = owners.get(id)
  const asked = owner && (await deps.runner.findModel(owner))
  for (const model of asked ? [asked] : await deps.runner.models()) {
    const example = examplesGiven(model).find((one) => one.id === id)
    if (example) return givenExample(c, deps, model, example)
  }
  return null
}

/** An input that a model comes with, in the shape of a prediction whose result is no longer here. */
function givenExample(
  c: ApiContext,
  deps: Deps,
  model: Model,
  { id, input, number }: GivenExample,
): JsonObject {
  owners.set(id, model.ref)
  const origin = originOf(c, deps)
  const created = new Date(model.version.createdAt).toISOString()
  return {
    id,
    model: modelName(model.ref),
    version: model.version.id,
    status: 'succeeded',
    input: withAssets(input, (file) => `${origin}${deps.paths.modelFile(model.ref, file)}`),
    output: null,
    error: null,
    logs: '',
    metrics: {},
    data_removed: true,
    source: 'web',
    created_at: created,
    started_at: created,
    completed_at: created,
    urls: {
      get: origin + deps.paths.apiPrediction(id),
      cancel: origin + deps.paths.apiCancellation(id),
      web: `${origin}${deps.paths.model(model.ref)}?example=${number}`,
    },
  }
}

/** A file of an example, `./photo.jpg`, is named by its address. */
function withAssets(value: Json, addressOf: (file: string) => string): JsonObject {
  const replaced = (json: Json): Json => {
    if (typeof json === 'string') return json.startsWith('./') ? addressOf(json.slice(2)) : json
    if (isList(json)) return json.map(replaced)
    if (!isObject(json)) return json
    return Object.fromEntries(Object.entries(json).map(([name, item]) => [name, replaced(item)]))
  }
  return replaced(value) as JsonObject
}
