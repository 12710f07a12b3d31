import type { Deps } from '../../../deps.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { predictionAnswer } from './prediction-answer.ts'

type WebhookBodyDeps = Pick<Deps, 'config' | 'paths' | 'files' | 'store' | 'key'>

/**
 * What webhooks are told of a prediction: what the API answers. Files are addresses unless the
 * operator wants them as data everywhere: few receivers take a body of megabytes. `origin` is
 * scheme and host as receivers reach us.
 */
export function webhookBody(
  deps: WebhookBodyDeps,
  origin: string,
  prediction: Prediction,
): Promise<JsonObject> {
  const apiFiles = deps.config.apiFiles === 'data' ? 'data' : 'url'
  return predictionAnswer({ ...deps, config: { ...deps.config, apiFiles } }, origin, prediction)
}
