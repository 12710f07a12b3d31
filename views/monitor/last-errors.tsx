import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { Moment } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'

/** A run that failed, with why and for whom. */
export interface FailedRun extends Pick<PredictionSummary, 'id' | 'completedAt'> {
  readonly error: string
  /** The name of its maker. */
  readonly maker: string
}

/** The last runs of a model that failed. */
export function LastErrors({ failed }: { failed: readonly FailedRun[] }) {
  const paths = usePaths()
  return (
    <ScrollTable label='Last errors, table' columns={['When', 'Why', 'Who', 'Prediction']}>
      {failed.map(({ id, completedAt, error, maker }) => (
        <tr>
          <td>{completedAt !== null && <Moment at={completedAt} shows='both' />}</td>
          <td>{error}</td>
          <td>{maker}</td>
          <td>
            <a class='mono' href={paths.prediction(id)}>
              p/{id.slice(0, 8)}…
            </a>
          </td>
        </tr>
      ))}
    </ScrollTable>
  )
}
