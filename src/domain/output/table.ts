import { beginning, pageBytes } from '../json/excerpt.ts'
import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'

/** A list of flat objects with similar names, to be shown in rows and columns. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly JsonObject[]
}

/** A cell holds a single value; undefined where the row has none of that name. */
export type Cell = Exclude<Json, object> | null | undefined

const mostColumns = 50

/** A value as a table; null when it is none, or when one of its cells is a file. */
export function tableOf(value: Json, isFile: (value: Json) => boolean): Table | null {
  if (!isList(value) || value.length < 2) return null
  const rows = value.filter(isObject)
  if (rows.length !== value.length) return null
  const columns = new Set<string>()
  for (const row of rows) {
    if (!Object.values(row).every((cell) => isFlat(cell) && !isFile(cell))) return null
    for (const name of Object.keys(row)) columns.add(name)
    if (columns.size > mostColumns) return null
  }
  const half = columns.size / 2
  const alike = columns.size > 0 && rows.every((row) => Object.keys(row).length >= half)
  return alike ? { columns: [...columns], rows } : null
}

function isFlat(cell: Json | undefined): cell is Cell {
  return typeof cell !== 'object' || cell === null
}

const mostRows = 200
const mostCellUnits = 300
const cellMarkupBytes = 10

/** The first rows of a table that take at most `bytes` of a page. */
export function firstRows({ columns, rows }: Table, bytes: number): Cell[][] {
  const shown: Cell[][] = []
  let left = bytes - columns.reduce((sum, name) => sum + 20 + pageBytes(name), 0)
  for (const row of rows.slice(0, mostRows)) {
    const cells = columns.map((name) => shortened(cellOf(row, name)))
    left -= cells.reduce<number>((sum, cell) => sum + cellMarkupBytes + cellBytes(cell), 0)
    if (left < 0) break
    shown.push(cells)
  }
  return shown
}

/** The value of a row in a column; undefined where the row has none of that name. */
export function cellOf(row: JsonObject, name: string): Cell {
  const cell = Object.hasOwn(row, name) ? row[name] : undefined
  return isFlat(cell) ? cell : undefined
}

function shortened(cell: Cell): Cell {
  if (typeof cell !== 'string' || cell.length <= mostCellUnits) return cell
  return `${beginning(cell, mostCellUnits)}…`
}

function cellBytes(cell: Cell): number {
  // An address is written twice: to be read, and to be followed.
  return typeof cell === 'string' ? 2 * pageBytes(cell) : 24
}
