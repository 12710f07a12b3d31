import type { CheckedRows, ShownRow } from '../../src/domain/group/batch-row.ts'
import { plural } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { errorText } from './batch-problems.tsx'

/** Rows of a file as they were read. */
export function RowsTable({ name, checked }: { name: string; checked: CheckedRows }) {
  const { columns, shown, wrong } = checked
  const all = checked.ready + wrong
  return (
    <article class='prediction' aria-label={`Rows of ${name}`}>
      <header class='pane-head'>
        <h2>{name}</h2>
        <span class='field-note'>as it was read</span>
      </header>
      <ScrollTable label='Rows, table' columns={['Line', ...columns, 'State']}>
        {shown.map((row) => (
          <Row row={row} columns={columns} />
        ))}
      </ScrollTable>
      {shown.length < all && (
        <p class='field-note'>
          {shown.length} of {plural(all, 'row')}:{' '}
          {wrong > 0 ? 'those that are wrong and their neighbours.' : 'the first.'}
        </p>
      )}
    </article>
  )
}

function Row({
  row: { line, cells, errors },
  columns,
}: {
  row: ShownRow
  columns: readonly string[]
}) {
  const wrong = new Set(errors.map(({ input }) => input))
  return (
    <tr>
      <td>
        <span class='n' id={errors.length > 0 ? `line-${line}` : undefined}>
          {line}
        </span>
      </td>
      {cells.map((cell, at) => (
        <td dir='auto'>{wrong.has(columns[at] ?? '') && cell !== '' ? <del>{cell}</del> : cell}</td>
      ))}
      <td>
        {errors.length === 0 ? (
          'ready'
        ) : (
          <span class='status' data-status='failed'>
            {errors.map(errorText).join(' ')}
          </span>
        )}
      </td>
    </tr>
  )
}
