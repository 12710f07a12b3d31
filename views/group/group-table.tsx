import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { Took } from '../history/took.tsx'
import { StatusWord } from '../panel/prediction-list-item.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import { CellThumbs, Made, PendingMark, type ShownCell } from './group-cell.tsx'
import { CellButtons, type RunOffers } from './run-buttons.tsx'

interface TableProps {
  readonly title: string
  readonly cells: readonly ShownCell[]
  /** The current time, for clocks. */
  readonly now: number
  readonly offers: RunOffers
}

/** The runs of a batch, one in each row. */
export function GroupTable({ title, cells, now, offers }: TableProps) {
  const columns = ['Line', 'Inputs', 'Output', 'State', 'Took']
  return (
    <ScrollTable label={`Results of ${title}`} columns={columns}>
      {cells.map((cell) => (
        <tr>
          <td>
            <span class='n'>{cell.place}</span>
          </td>
          <RowCells {...{ cell, now, offers }} />
        </tr>
      ))}
    </ScrollTable>
  )
}

type RowProps = Pick<TableProps, 'now' | 'offers'> & { readonly cell: ShownCell }

function RowCells({ cell, now, offers }: RowProps) {
  const paths = usePaths()
  if (cell.kind === 'hidden') return <td colspan={4}>A run that you may not see.</td>
  if (cell.kind === 'planned')
    return (
      <>
        <td dir='auto'>{inputsText(cell.plan)}</td>
        <td dir='auto'>{cell.plan.problem}</td>
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
        <a href={paths.prediction(run.id)}>{inputsText(run)}</a>
      </td>
      <td dir='auto'>
        {isSettled(run) ? (
          <Made run={run} room={200} />
        ) : (
          <PendingMark pending={pending} label={`Line ${cell.place}`} />
        )}
      </td>
      <td>
        <StatusWord prediction={run} />{' '}
        <CellButtons run={run} label={`line ${cell.place}`} offers={offers} />
        <CellThumbs cell={cell} label={`Line ${cell.place}`} />
      </td>
      <td>
        <Took prediction={run} now={now} />
      </td>
    </>
  )
}

function inputsText({ summary }: { readonly summary: string }): string {
  return summary === '' ? 'No inputs' : summary
}
