import { piecesOfText } from '../../domain/output/pieces.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { ApiDeps } from '../api/api-deps.ts'
import { outputText } from '../files/output-formats.ts'

/** The whole output of a settled run as text, in pieces; none when it is no text. */
export async function* outputPieces(prediction: Prediction, deps: ApiDeps): AsyncGenerator<string> {
  const text = await outputText(prediction, deps)
  if (text === null) return
  if (typeof text === 'string') return yield* piecesOfText(text)
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const chunk of text) yield decoder.decode(chunk, { stream: true })
}
