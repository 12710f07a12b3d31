import { isoTime } from '../../../../views/format.tsx'
import { fileRef, type StoredFile } from '../../../domain/file/file.ts'
import type { Json, JsonObject } from '../../../domain/json/json.ts'
import { mapStrings } from '../../../domain/json/walk.ts'
import { modelName } from '../../../domain/model-ref.ts'
import { apiStatus } from '../../../domain/prediction/api-status.ts'
import { ranMs, tookMs } from '../../../domain/prediction/durations.ts'
import { isSpilling, type Prediction } from '../../../domain/prediction/prediction.ts'
import { largeOutputOf, type OutputInFile } from '../../files/large-output.ts'

/** The URLs in a prediction, with scheme and host. */
export interface PredictionLinks {
  /** Of the prediction as JSON. */
  readonly get: string
  /** Of its page. */
  readonly web: string
  /** To cancel it; absent for viewers who may not. */
  readonly cancel?: string
  /** Of its server-sent events. */
  readonly stream?: string
  file(file: StoredFile): string
  /** Of a whole large output; that of its file when left out. */
  whole?(output: OutputInFile): string
}

/** A prediction in Replicate’s format, its files as URLs. */
export function predictionJson(prediction: Prediction, links: PredictionLinks): JsonObject {
  const { createdAt, startedAt, completedAt, deadline, deployment, webhook } = prediction
  const ran = ranMs(prediction)
  const total = tookMs(prediction)
  return {
    id: prediction.id,
    model: modelName(prediction.model),
    version: prediction.version,
    status: apiStatus(prediction.status),
    input: withAddresses(prediction.input, prediction, links),
    output: shownOutput(prediction, links),
    error: prediction.error,
    logs: prediction.logs,
    metrics: {
      ...(ran === null ? {} : { predict_time: ran / 1000 }),
      ...prediction.metrics,
      ...(total === null ? {} : { total_time: total / 1000 }),
    },
    data_removed: prediction.dataRemovedAt !== null,
    source: prediction.source,
    created_at: isoTime(createdAt),
    ...(startedAt === null ? {} : { started_at: isoTime(startedAt) }),
    ...(completedAt === null ? {} : { completed_at: isoTime(completedAt) }),
    ...(deadline === null ? {} : { deadline: isoTime(deadline) }),
    ...(deployment === null ? {} : { deployment: modelName(deployment) }),
    ...(webhook === null ? {} : { webhook: webhook.url, webhook_events_filter: webhook.events }),
    urls: {
      get: links.get,
      ...(links.cancel === undefined ? {} : { cancel: links.cancel }),
      web: links.web,
      ...(links.stream === undefined ? {} : { stream: links.stream }),
    },
  }
}

/** The output; of a large output, its URL. */
function shownOutput(prediction: Prediction, links: PredictionLinks): Json {
  // Clients would take a part of it for the whole.
  if (isSpilling(prediction)) return null
  const whole = largeOutputOf(prediction)
  if (!whole) return withAddresses(prediction.output, prediction, links)
  const address = links.whole?.(whole) ?? links.file(whole.file)
  return prediction.iterates ? [address] : address
}

/** A value with the address of each stored file in its place. */
export function withAddresses(
  value: Json,
  { files }: Pick<Prediction, 'files'>,
  links: Pick<PredictionLinks, 'file'>,
): Json {
  const known = new Map(files.map((file) => [file.ref, file]))
  return mapStrings(value, (text) => {
    const file = known.get(fileRef(text) ?? '')
    return file ? links.file(file) : text
  })
}
