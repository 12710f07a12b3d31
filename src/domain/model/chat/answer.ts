import { isList } from '../../json/json.ts'
import { hasFailed, isSettled, type Prediction } from '../../prediction/prediction.ts'

/**
 * Whether a conversation can go on from what a run has said: it has ended and not failed, and all of its text is
 * kept with it. One that was canceled has the text that its maker had read.
 */
export function hasAnswer(prediction: Prediction): boolean {
  const { output, excerpt, dataRemovedAt } = prediction
  if (!isSettled(prediction) || hasFailed(prediction)) return false
  if (excerpt !== null || dataRemovedAt !== null) return false
  return isList(output) ? output.some(isText) : isText(output)
}

function isText(json: Prediction['output']): boolean {
  return typeof json === 'string' && json.trim() !== ''
}
