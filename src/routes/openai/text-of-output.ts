import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { ApiDeps } from '../api/api-deps.ts'
import { outputText } from '../files/output-formats.ts'

/** The whole output of a settled run as one text; empty when it has none. */
export async function textOfOutput(prediction: Prediction, deps: ApiDeps): Promise<string> {
  return (await new Response(await outputText(prediction, deps)).text()) ?? ''
}
