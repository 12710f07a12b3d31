import type { ValueChange, ValueChanges } from '../../src/domain/difference/value-changes.ts'
import { optionText } from '../../src/domain/form/fields/choice.ts'
import { shortened } from '../../src/domain/json/excerpt.ts'
import { formatJson, type Json } from '../../src/domain/json/json.ts'
import { firstValues } from '../../src/domain/json/walk.ts'
import { Breakable } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { NotThere } from './words.tsx'

/** Where two values differ, a row for each path. */
export function ValueTable({ changes, more }: ValueChanges) {
  return (
    <>
      <ScrollTable label='Differences by path, table' columns={['Path', 'Before', 'After']}>
        {changes.map(({ path, before, after }) => (
          <tr>
            <td>
              <code>
                <Breakable text={path} />
              </code>
            </td>
            <td>
              <OneValue value={before} is='before' />
            </td>
            <td>
              <OneValue value={after} is='after' />
            </td>
          </tr>
        ))}
      </ScrollTable>
      {more && <p class='field-note'>More differs: these are the first {changes.length}.</p>}
    </>
  )
}

const longestValue = 400

interface OneValueProps {
  readonly value: ValueChange['before']
  readonly is: 'before' | 'after'
}

/** A value that differs, marked as removed or added. */
export function OneValue({ value, is }: OneValueProps) {
  if (value === undefined) return <NotThere />
  const shown = shortened(valueText(value), longestValue)
  return is === 'before' ? <del>{shown}</del> : <ins>{shown}</ins>
}

function valueText(value: Json): string {
  if (value === '') return '""'
  return typeof value === 'object' && value !== null
    ? formatJson(firstValues(value, longestValue))
    : optionText(value)
}
