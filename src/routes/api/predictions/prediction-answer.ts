import type { Deps } from '../../../deps.ts'
import type { StoredFile } from '../../../domain/file/file.ts'
import { withoutParameters } from '../../../domain/file/media-type.ts'
import { formatJson, type JsonObject } from '../../../domain/json/json.ts'
import { filesIn } from '../../../domain/output/output-file.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { isFileSchema, unknownSchema } from '../../../domain/schema/schema.ts'
import { openFile } from '../../../files/files.ts'
import { proofOf } from '../proof.ts'
import { predictionJson } from './prediction-json.ts'

/** Larger files, and what is past so much in one answer, are given as addresses. */
const mostDataBytes = { aFile: 10 * 2 ** 20, inAll: 32 * 2 ** 20 }

/** Longer answers are written anew each time. */
const mostKeptUnits = 64 * 1024

type AnswerDeps = Pick<Deps, 'config' | 'paths' | 'files' | 'store' | 'key'>

/** A prediction as the API answers it and as webhooks are told of it. */
export async function predictionAnswer(
  deps: AnswerDeps,
  /** Scheme and host as clients reach us. */
  origin: string,
  prediction: Prediction,
): Promise<JsonObject> {
  const { paths } = deps
  const data = givesData(deps, origin) ? await dataOf(deps, prediction) : undefined
  return predictionJson(prediction, {
    get: origin + paths.apiPrediction(prediction.id),
    cancel: origin + paths.apiCancellation(prediction.id),
    web: origin + paths.prediction(prediction.id),
    stream: origin + (await streamPath(deps, prediction)),
    file: (file) => data?.get(file.ref) ?? contentAddress(deps, origin, file),
  })
}

const written = new WeakMap<Prediction, { origin: string; text: string }>()

/** The same as text, written once for each state: a prediction is a new object after every change. */
export async function writtenAnswer(
  deps: AnswerDeps,
  origin: string,
  prediction: Prediction,
): Promise<string> {
  const known = written.get(prediction)
  if (known?.origin === origin) return known.text
  const text = formatJson(await predictionAnswer(deps, origin, prediction))
  if (text.length <= mostKeptUnits) written.set(prediction, { origin, text })
  return text
}

/** Where a file can be had without a token. */
export function contentAddress(
  { paths, key }: Pick<Deps, 'paths' | 'key'>,
  origin: string,
  { ref, name }: StoredFile,
): string {
  return origin + paths.apiContent(ref, proofOf(key, 'content', ref), name)
}

/** Replicate's client makes files of addresses that are https, and of data. */
function givesData({ config }: Pick<Deps, 'config'>, origin: string): boolean {
  if (config.apiFiles === 'auto') return origin.startsWith('http:')
  return config.apiFiles === 'data'
}

async function dataOf({ files }: AnswerDeps, prediction: Prediction) {
  const data = new Map<string, string>()
  let left = mostDataBytes.inAll
  // What goes in is not what a caller wants back.
  for (const file of filesIn(prediction.output, prediction.files)) {
    if (!('ref' in file) || file.ref === prediction.excerpt?.ref) continue
    if (file.size > Math.min(left, mostDataBytes.aFile)) continue
    const content = await openFile(files, file)
    if (!content) continue
    const bytes = Buffer.from(await new Response(content).arrayBuffer())
    data.set(file.ref, `data:${withoutParameters(file.type)};base64,${bytes.toString('base64')}`)
    left -= file.size
  }
  return data
}

async function streamPath({ store, paths, key }: AnswerDeps, { id, model, version }: Prediction) {
  const found = await store.findVersion(model, version)
  const { output } = found?.schema ?? unknownSchema
  const ofFiles = isFileSchema(output) || (output.items !== undefined && isFileSchema(output.items))
  return paths.apiStream(`${id}-${proofOf(key, 'stream', id)}`, ofFiles)
}
