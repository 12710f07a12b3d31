import type { Context } from 'hono'
import { type EarlierTurn, mostTurns } from '../../../views/workspace/thread.tsx'
import type { Deps } from '../../deps.ts'
import { countBefore } from '../../domain/model/chat/conversation.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'

/**
 * The predictions of the turns before one, as far as they are shown there and the viewer may see them. One that
 * was deleted ends the search.
 */
export async function earlierTurns(
  c: Context,
  deps: Deps,
  schema: ModelSchema,
  last: Prediction,
): Promise<readonly EarlierTurn[]> {
  const viewer = viewerOf(c, deps)
  const turns: EarlierTurn[] = []
  let later = last
  for (let passed = 0; passed < mostTurns && later.continues !== null; passed++) {
    const prediction = await deps.runner.find(later.continues)
    if (!prediction) break
    // Its answer is the last of the messages before the next question.
    const answerAt = countBefore(schema, later.input) - 1
    const questionAt = countBefore(schema, prediction.input)
    if (mayWith(deps, viewer, 'see', prediction)) turns.push({ prediction, questionAt, answerAt })
    later = prediction
  }
  return turns
}
