import type { Deps } from '../../../deps.ts'
import { writeDataUri } from '../../../domain/file/data-uri.ts'
import type { StoredFile } from '../../../domain/file/file.ts'
import { withoutParameters } from '../../../domain/file/media-type.ts'
import { formatJson, type JsonObject } from '../../../domain/json/json.ts'
import { filesIn } from '../../../domain/output/output-file.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { unknownSchema } from '../../../domain/schema/schema.ts'
import { isFileSchema } from '../../../domain/schema/value-schema.ts'
import { openFile } from '../../../files/files.ts'
import type { ApiDeps } from '../api-deps.ts'
import { contentProof, currentReach, lastDay, streamProof } from '../proof.ts'
import { predictionJson } from './prediction-json.ts'

/** Files past these limits are URLs instead of data. */
const mostDataBytes = { aFile: 10 * 2 ** 20, inAll: 32 * 2 ** 20 }

/** In UTF-16 units. A longer answer is not kept. */
const mostKeptUnits = 64 * 1024

type AnswerDeps = Pick<Deps, 'config' | 'paths' | 'files' | 'store' | 'key' | 'now' | 'runner'>

/** A prediction as the API and webhooks send it. */
export async function predictionAnswer(
  deps: AnswerDeps,
  /** Scheme and host of our URLs. */
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

/** The same as JSON text, written once for each state of a prediction. */
export async function writtenAnswer(
  deps: ApiDeps,
  origin: string,
  prediction: Prediction,
): Promise<string> {
  const known = deps.writtenAnswers.get(prediction)
  const day = lastDay(deps.now())
  const reach = currentReach(deps, prediction)
  if (known?.origin === origin && known.day === day && known.reach === reach) return known.text
  const text = formatJson(await predictionAnswer(deps, origin, prediction))
  if (text.length <= mostKeptUnits)
    deps.writtenAnswers.set(prediction, { origin, day, reach, text })
  return text
}

/** The URL of a file that needs no token, for one to two days. */
export function contentAddress(
  { paths, key, now }: Pick<Deps, 'paths' | 'key' | 'now'>,
  origin: string,
  { ref, name }: StoredFile,
): string {
  return origin + paths.apiContent(ref, contentProof(key, ref, lastDay(now())), name)
}

/** Whether output files are data URIs. Replicate’s client makes files of those and of https URLs only. */
function givesData({ config }: Pick<Deps, 'config'>, origin: string): boolean {
  if (config.apiFiles === 'auto') return origin.startsWith('http:')
  return config.apiFiles === 'data'
}

async function dataOf({ files }: AnswerDeps, prediction: Prediction) {
  const data = new Map<string, string>()
  let left = mostDataBytes.inAll
  // Only files of the output: the caller has those of the input.
  for (const file of filesIn(prediction.output, prediction.files)) {
    if (!('ref' in file) || file.ref === prediction.excerpt?.ref) continue
    if (file.size > Math.min(left, mostDataBytes.aFile)) continue
    const content = await openFile(files, file)
    if (!content) continue
    const bytes = Buffer.from(await new Response(content).arrayBuffer())
    data.set(file.ref, writeDataUri(withoutParameters(file.type), bytes))
    left -= file.size
  }
  return data
}

async function streamPath(deps: AnswerDeps, prediction: Prediction) {
  const { id, model, version } = prediction
  const found = await deps.store.findVersion(model, version)
  const { output } = found?.schema ?? unknownSchema
  const ofFiles = isFileSchema(output) || (output.items !== undefined && isFileSchema(output.items))
  return deps.paths.apiStream(`${id}-${streamProof(deps, prediction)}`, ofFiles)
}
