import { pageBytes } from '../json/excerpt.ts'
import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { beginning } from '../json/whole-text.ts'

/** A list of flat objects that have the same names: what is best seen in rows and columns. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly JsonObject[]
}

/** A cell holds a single value; undefined where the row has none of that name. */
export type Cell = Exclude<Json, object> | null | undefined

const mostColumns = 50

/** The table that a value is, or null. `isFile` tells the values that are better seen as files. */
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

function isFlat(cell: Json): boolean {
  return typeof cell !== 'object' || cell === null
}

const mostRows = 200
const mostCellUnits = 300
const cellMarkupBytes = 10

/** The first rows of a table, as many as take no more than `bytes` of a page. */
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

function cellOf(row: JsonObject, name: string): Cell {
  return Object.hasOwn(row, name) ? (row[name] as Cell) : undefined
}

function shortened(cell: Cell): Cell {
  if (typeof cell !== 'string' || cell.length <= mostCellUnits) return cell
  return `${beginning(cell, mostCellUnits)}…`
}

function cellBytes(cell: Cell): number {
  // An address is written twice: to be read, and to be followed.
  return typeof cell === 'string' ? 2 * pageBytes(cell) : 24
}

/**
 * The whole table as RFC 4180 has it. A text that a spreadsheet would take for a formula is
 * written after an apostrophe, which spreadsheets show as the text alone.
 */
export function csvOf({ columns, rows }: Table): string {
  return [csvLine(columns), ...rows.map((row) => csvLine(columns, row))].join('')
}

/** One line of it: a row, or the names of the columns. */
export function csvLine(columns: readonly string[], row?: JsonObject): string {
  const cells = columns.map((name) => csvCell(row ? cellOf(row, name) : name))
  return `${cells.join(',')}\r\n`
}

function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  const text = String(cell)
  const guarded = typeof cell === 'string' && mayBeFormula(text) ? `'${text}` : text
  return /[",;\t\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** Signs that begin a formula, once what a spreadsheet trims is off and wide forms are plain ones. */
const formulaSigns = /^[=+\-@\u2010-\u2015\u2212\u2795\u2796\u02d7]/

function mayBeFormula(text: string): boolean {
  if (/^[\t\r\n]/.test(text)) return true
  const first = /[^\p{C}\p{Z}\p{M}]/u.exec(text)?.[0] ?? ''
  return formulaSigns.test(first.normalize('NFKC'))
}
