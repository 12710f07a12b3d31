import type { Entry } from './field-type.ts'

/** The first entry of a list that is not set. Of a list that is set, the first entry is empty. */
export const unsetRows = 'unset'

/** The rows among the entries, empty ones included, so that errors can name a row by its number. */
export function rowsOf(entries: readonly Entry[]): readonly Entry[] {
  return entries.slice(1)
}

/** The actions of the buttons in rows. */
export const rowActions = ['add', 'remove', 'move-up', 'move-down'] as const
export type RowAction = (typeof rowActions)[number]

/** The entries after a button was pressed. `index` of the row, from 0; ignored by `add`. */
export function changeRows(
  entries: readonly Entry[],
  action: RowAction,
  index: number,
): readonly Entry[] {
  const [mark = unsetRows] = entries
  const list = [...rowsOf(entries)]
  if (action === 'add') return [mark, ...list, '']
  if (index < 0 || index >= list.length) return entries
  const [taken = ''] = list.splice(index, 1)
  if (action === 'move-up') list.splice(Math.max(0, index - 1), 0, taken)
  if (action === 'move-down') list.splice(index + 1, 0, taken)
  return [mark, ...list]
}
