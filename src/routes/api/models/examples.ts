import { createHash } from 'node:crypto'
import { isoTime } from '../../../../views/format.tsx'
import { newId } from '../../../domain/id.ts'
import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { isDescribed, type Model } from '../../../domain/model/model.ts'
import { modelName, sameModel } from '../../../domain/model-ref.ts'
import { shownTo } from '../../../domain/policy.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { originOf } from '../../request/page.tsx'
import { mayWith } from '../../request/rights.ts'
import { usableModels } from '../../request/usable-models.ts'
import type { ApiDeps } from '../api-deps.ts'
import { predictionAnswer } from '../predictions/prediction-answer.ts'
import type { ApiContext } from '../route.ts'

/**
 * The predictions that people added as examples, oldest first, without those that the viewer may not
 * see; then the examples that the model brings.
 */
export async function examplesJson(
  c: ApiContext,
  deps: ApiDeps,
  model: Model,
  most: number,
): Promise<JsonObject[]> {
  const origin = originOf(c, deps)
  const added = await deps.store.examplesOf(model.ref)
  const made = added.filter((one) => mayWith(deps, c.get('viewer'), 'see', one)).slice(0, most)
  const found = await Promise.all(made.map(({ id }) => deps.runner.find(id)))
  const shown = await Promise.all(
    found.flatMap((one) =>
      one ? [predictionAnswer(deps, origin, shownTo(c.get('viewer'), one))] : [],
    ),
  )
  const given = await Promise.all(
    builtInExamples(model)
      .slice(0, Math.max(0, most - shown.length))
      .map((example) => builtInExampleJson(c, deps, model, example)),
  )
  return [...shown, ...given]
}

/** The example that an operator chose, else the first; null when there is none. */
export async function defaultExampleJson(
  c: ApiContext,
  deps: ApiDeps,
  model: Model,
): Promise<JsonObject | null> {
  const chosen = await chosenExample(c, deps, model)
  if (chosen) return predictionAnswer(deps, originOf(c, deps), chosen)
  return (await examplesJson(c, deps, model, 1))[0] ?? null
}

async function chosenExample(
  c: ApiContext,
  deps: ApiDeps,
  { ref, defaultExample }: Model,
): Promise<Prediction | null> {
  const found = defaultExample === null ? null : await deps.runner.find(defaultExample)
  const viewer = c.get('viewer')
  if (!found || !sameModel(found.model, ref) || !mayWith(deps, viewer, 'see', found)) return null
  return shownTo(viewer, found)
}

/** An example that a model brings: an input, under an id like a prediction’s. */
interface BuiltInExample {
  readonly id: string
  readonly input: JsonObject
  /** From 1. */
  readonly number: number
}

/** None while the model’s schema is not known. */
function builtInExamples(model: Model): readonly BuiltInExample[] {
  if (!isDescribed(model)) return []
  return model.examples.map((input, index) => {
    const hash = createHash('sha256').update(`${model.version.id} example ${index}`).digest()
    return { id: newId(hash), input, number: index + 1 }
  })
}

/** The example with this id, as JSON; null when no model brings it. */
export async function findBuiltInExample(
  c: ApiContext,
  deps: ApiDeps,
  id: string,
): Promise<JsonObject | null> {
  const usable = usableModels(deps, c.get('viewer'))
  const owner = await deps.modelOfExample.find(id)
  const asked = owner && (await usable.find(owner))
  for (const model of asked ? [asked] : await usable.all()) {
    const example = builtInExamples(model).find((one) => one.id === id)
    if (example) return builtInExampleJson(c, deps, model, example)
  }
  return null
}

/** A built-in example as a prediction whose output was removed. */
async function builtInExampleJson(
  c: ApiContext,
  deps: ApiDeps,
  model: Model,
  { id, input, number }: BuiltInExample,
): Promise<JsonObject> {
  await deps.modelOfExample.keep(id, model)
  const origin = originOf(c, deps)
  const created = isoTime(model.version.createdAt)
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

/** Replaces the files of an example, such as `./photo.jpg`, by their URLs. */
function withAssets(value: Json, addressOf: (file: string) => string): JsonObject {
  const replaced = (json: Json): Json => {
    if (typeof json === 'string') return json.startsWith('./') ? addressOf(json.slice(2)) : json
    if (isList(json)) return json.map(replaced)
    if (!isObject(json)) return json
    return Object.fromEntries(Object.entries(json).map(([name, item]) => [name, replaced(item)]))
  }
  return replaced(value) as JsonObject
}
