import type { ModelScore } from '../../src/domain/judgement/judgement.ts'
import { winRate } from '../../src/domain/judgement/win-rate.ts'
import type { ModelRef } from '../../src/domain/model-ref.ts'
import { usePaths } from '../site.ts'
import { Percent } from './won-list.tsx'

interface ScoreFactProps {
  readonly model: ModelRef
  /** Null where it is not shown, or nothing was judged. */
  readonly score: ModelScore | null
}

/** How a model was judged, among the facts of its page: its win rate, or its verdicts where it met no other. */
export function ScoreFact({ model, score }: ScoreFactProps) {
  if (!score) return null
  const { good, bad, won, lost } = score
  const rate = winRate(won, won + lost)
  return (
    <>
      {' '}
      <a href={usePaths().judgementsOf(model)}>
        {rate ? (
          <>
            won <Percent {...rate} />
          </>
        ) : (
          `${good} good, ${bad} bad`
        )}
      </a>
    </>
  )
}
