import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { Took } from '../history/took.tsx'
import { StatusWord } from '../panel/prediction-list-item.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import { Made, PendingMark, type ShownCell } from './group-cell.tsx'

interface TableProps {
  readonly title: string
  readonly cells: readonly ShownCell[]
  /** The current time, for clocks. */
  readonly now: number
}

/** The runs of a batch, one in each row. */
export function GroupTable({ title, cells, now }: TableProps) {
  const columns = ['Line', 'Inputs', 'Output', 'State', 'Took']
  return (
    <ScrollTable label={`Results of ${title}`} columns={columns}>
      {cells.map((cell) => (
        <tr>
          <td>
            <span class='n'>{cell.place}</span>
          </td>
          <RowCells cell={cell} now={now} />
        </tr>
      ))}
    </ScrollTable>
  )
}

function RowCells({ cell, now }: { cell: ShownCell; now: number }) {
  const paths = usePaths()
  if (cell.kind === 'hidden') return <td colspan={4}>A run that you may not see.</td>
  if (cell.kind === 'planned')
    return (
      <>
        <td colspan={2} dir='auto'>
          {cell.plan.problem}
        </td>
        <td colspan={2}>
          {cell.plan.problem === null ? (
            'Not started yet'
          ) : (
            <span class='status' data-status='failed'>
              Not run
            </span>
          )}
        </td>
      </>
    )
  const { run, pending } = cell
  return (
    <>
      <td dir='auto'>
        <a href={paths.prediction(run.id)}>{run.summary === '' ? 'No inputs' : run.summary}</a>
      </td>
      <td dir='auto'>
        {isSettled(run) ? (
          <Made run={run} room={200} />
        ) : (
          <PendingMark pending={pending} label={`Line ${cell.place}`} />
        )}
      </td>
      <td>
        <StatusWord prediction={run} />
      </td>
      <td>
        <Took prediction={run} now={now} />
      </td>
    </>
  )
}
