import type { Cell } from '../../src/domain/output/table.ts'
import { plural } from '../format.tsx'
import { usePaths } from '../site.ts'
import { type OutputProps, outputId } from './output-props.ts'
import { CutNote } from './parts/output-actions.tsx'

export function TableOutput({ output, prediction, id }: OutputProps<'table'>) {
  const { columns, rows, omitted } = output
  const paths = usePaths()
  const whole = id === outputId ? paths.outputTable(prediction) : paths.outputJson(prediction)
  return (
    <>
      <div
        class='scroll-x'
        tabindex={0}
        role='group'
        aria-label={`Table of ${plural(rows.length, 'row')}`}
      >
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <th scope='col'>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells) => (
              <tr>
                {cells.map((cell) => (
                  <td class={typeof cell === 'string' ? undefined : 'mono'}>
                    <CellContent cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {omitted === undefined && <p class='field-note'>{plural(rows.length, 'row')}</p>}
      <CutNote omitted={omitted} noun='row' href={whole} />
    </>
  )
}

function CellContent({ cell }: { cell: Cell }) {
  if (cell === undefined || cell === null) return null
  const text = String(cell)
  if (typeof cell !== 'string' || !/^https?:\/\/\S+$/.test(text) || !URL.canParse(text))
    return <>{text}</>
  return (
    <a href={text} rel='noopener noreferrer nofollow'>
      {text}
    </a>
  )
}
