import contentDisposition from 'content-disposition'
import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { tableOf } from '../../domain/output/table.ts'
import { textOf } from '../../domain/prediction/output.ts'
import { isSettled, isSpilling, type Prediction } from '../../domain/prediction/prediction.ts'
import { unknownSchema } from '../../domain/schema/schema.ts'
import type { Paths } from '../../paths.ts'
import {
  type PredictionLinks,
  predictionJson,
  withAddresses,
} from '../api/predictions/prediction-json.ts'
import { predictionMarkdown } from '../api/predictions/prediction-markdown.ts'
import { originOf } from '../request/page.tsx'
import { csvOf } from './csv.ts'
import { largeOutputCsv, largeOutputJson, largeOutputOf, largeOutputText } from './large-output.ts'
import { sendInertJson, sendInertStream, sendInertText } from './output-content.ts'

/** A prediction as its viewer may see it, and where they reach it: at its own address or by a share link. */
export interface SeenPrediction {
  readonly prediction: Prediction
  readonly paths: Paths
}

/** The prediction as JSON. */
export function sendPrediction(c: Context, deps: Deps, seen: SeenPrediction): Response {
  return sendInertJson(c, predictionJson(seen.prediction, linksOf(c, deps, seen)))
}

export async function sendMarkdown(c: Context, deps: Deps, seen: SeenPrediction) {
  const json = predictionJson(seen.prediction, linksOf(c, deps, seen))
  const markdown = predictionMarkdown(json, await textIn(seen.prediction, deps))
  return sendInertText(c, 'text/markdown', markdown)
}

/** The output as text; null when it is none. */
export async function sendOutputText(c: Context, deps: Deps, { prediction }: SeenPrediction) {
  const text = await outputText(prediction, deps)
  if (typeof text === 'string') return sendInertText(c, 'text/plain', text)
  return largeOutputOf(prediction) ? sendInertStream(c, 'text/plain', text) : null
}

/** The whole output as text, a stream of UTF-8 where it is a file; null when it is none, or not all there. */
export async function outputText(
  prediction: Prediction,
  deps: Pick<Deps, 'files' | 'store'>,
): Promise<string | ReadableStream<Uint8Array> | null> {
  const large = largeOutputOf(prediction)
  if (!large) return textIn(prediction, deps)
  const { concatenate } = await outputSchema(prediction, deps)
  return largeOutputText(deps.files, large, concatenate)
}

/** The output as JSON; null while a large one is still being written. */
export async function sendOutputJson(c: Context, deps: Deps, seen: SeenPrediction) {
  const { prediction } = seen
  const links = linksOf(c, deps, seen)
  const large = largeOutputOf(prediction)
  if (large) {
    const json = await largeOutputJson(deps.files, large, prediction, links.file)
    return sendInertStream(c, 'application/json', json)
  }
  if (isSpilling(prediction)) return null
  return sendInertJson(c, withAddresses(prediction.output, prediction, links))
}

/** The output as CSV; null when it is no table, or still being written. */
export async function sendOutputCsv(c: Context, deps: Deps, { prediction }: SeenPrediction) {
  const large = largeOutputOf(prediction)
  const stream = large && (await largeOutputCsv(deps.files, large))
  const table = tableOf(prediction.output, () => false)
  if ((!table && !stream) || isSpilling(prediction)) return null
  c.header('Content-Disposition', contentDisposition(`${prediction.id}.csv`))
  if (stream || !table) return sendInertStream(c, 'text/csv', stream)
  return sendInertText(c, 'text/csv', csvOf(table))
}

/** The addresses in a prediction, as a viewer reaches them. */
export function linksOf(
  c: Context,
  deps: Deps,
  { prediction, paths }: SeenPrediction,
): PredictionLinks {
  const origin = originOf(c, deps)
  const { id } = prediction
  return {
    get: origin + paths.predictionJson(id),
    web: origin + paths.prediction(id),
    file: (file) => origin + paths.file(file),
    whole: ({ excerpt }) =>
      origin + (excerpt.form === 'text' ? paths.outputText(id) : paths.outputJson(id)),
  }
}

async function textIn(prediction: Prediction, deps: Pick<Deps, 'store'>): Promise<string | null> {
  if (prediction.excerpt && !isSettled(prediction)) return null
  return textOf(prediction, await outputSchema(prediction, deps))
}

async function outputSchema({ model, version }: Prediction, { store }: Pick<Deps, 'store'>) {
  const found = await store.findVersion(model, version)
  return (found?.schema ?? unknownSchema).output
}
