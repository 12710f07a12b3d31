import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { PredictionListItem } from './prediction-list-item.tsx'

/** What a model asked of other models, in the order it did: each a prediction of its own. */
export function SubRuns({ runs }: { runs: readonly PredictionSummary[] }) {
  return (
    <section class='history' aria-labelledby='asked-runs'>
      <h3 id='asked-runs'>Sub-runs</h3>
      <ol>
        {runs.map((run) => (
          <PredictionListItem prediction={run} />
        ))}
      </ol>
    </section>
  )
}
