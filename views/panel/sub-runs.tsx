import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { PredictionListItem } from './prediction-list-item.tsx'

/** The predictions that a model started, in order. */
export function SubRunList({ runs }: { runs: readonly PredictionSummary[] }) {
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
