import type { Deps } from '../../../deps.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { predictionAnswer } from './prediction-answer.ts'

type WebhookBodyDeps = Pick<Deps, 'config' | 'paths' | 'files' | 'store' | 'key' | 'now' | 'runner'>

/**
 * The body of a webhook: the prediction as the API sends it. Files are URLs unless the operator sets
 * data everywhere, since few receivers accept bodies of megabytes. `origin` is scheme and host of
 * our URLs.
 */
export function webhookBody(
  deps: WebhookBodyDeps,
  origin: string,
  prediction: Prediction,
): Promise<JsonObject> {
  const apiFiles = deps.config.apiFiles === 'data' ? 'data' : 'url'
  return predictionAnswer({ ...deps, config: { ...deps.config, apiFiles } }, origin, prediction)
}
