export type Cell = string | number | boolean | null

/** The type of a column. */
export type Kind = 'empty' | 'integer' | 'number' | 'boolean' | 'date' | 'text'

const mostShown = 500

/** The types that a non-empty cell can have. Digits with leading zeros, such as 00217, are text. */
export function kindOf(cell: string): Exclude<Kind, 'empty'> {
  if (/^[+-]?(?:0|[1-9]\d*)$/.test(cell))
    return Number.isSafeInteger(Number(cell)) ? 'integer' : 'text'
  if (/^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(cell))
    return Number.isFinite(Number(cell)) ? 'number' : 'text'
  if (/^(?:true|false)$/i.test(cell)) return 'boolean'
  return isDate(cell) ? 'date' : 'text'
}

/** The kind of a column that holds both. */
export function bothKinds(before: Kind, next: Kind): Kind {
  if (before === next || before === 'empty') return next
  const numeric = [before, next].every((kind) => kind === 'integer' || kind === 'number')
  return numeric ? 'number' : 'text'
}

export function valueIn(cell: string, kind: Kind): Cell {
  if (cell === '') return null
  if (kind === 'integer' || kind === 'number') return Number(cell)
  if (kind === 'boolean') return cell.toLowerCase() === 'true'
  return shortened(cell)
}

export function shortened(text: string): string {
  return text.length > mostShown ? `${text.slice(0, mostShown).toWellFormed()}…` : text
}

function isDate(cell: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(cell) &&
    !Number.isNaN(Date.parse(cell))
  )
}
