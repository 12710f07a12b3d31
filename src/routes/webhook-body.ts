import type { Deps } from '../deps.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Prediction } from '../domain/prediction.ts'
import { predictionJson } from './prediction-json.ts'

type WebhookBodyDeps = Pick<Deps, 'config' | 'paths' | 'files' | 'store' | 'key'>

/** What webhooks are told of a prediction. `origin` is scheme and host as receivers reach us. */
export async function webhookBody(
  { paths }: WebhookBodyDeps,
  origin: string,
  prediction: Prediction,
): Promise<JsonObject> {
  return predictionJson(prediction, {
    get: origin + paths.predictionJson(prediction.id),
    web: origin + paths.prediction(prediction.id),
    file: (file) => origin + paths.file(file),
  })
}
