import { type Options, stringify } from 'csv-stringify/sync'
import type { JsonObject } from '../../domain/json/json.ts'
import { cellOf, type Table } from '../../domain/output/table.ts'

const options: Options = {
  record_delimiter: 'windows',
  // Some spreadsheets split at semicolons and tabs, too.
  quoted_match: /[;\t\r\n]/,
  cast: { string: guarded, number: String, boolean: String, bigint: String },
}

/** A table as CSV (RFC 4180), which a spreadsheet opens without running anything in it. */
export function csvOf({ columns, rows }: Table): string {
  return csvHead(columns) + csvRows(columns, rows)
}

/** The line with the names of the columns. */
export function csvHead(columns: readonly string[]): string {
  return stringify([[...columns]], options)
}

export function csvRows(columns: readonly string[], rows: readonly JsonObject[]): string {
  return stringify(
    rows.map((row) => columns.map((name) => cellOf(row, name))),
    options,
  )
}

/**
 * Puts an apostrophe before a text that a spreadsheet would take for a formula; spreadsheets show
 * the text without it. The library’s `escape_formulas` misses what follows invisible characters.
 */
function guarded(text: string): string {
  return mayBeFormula(text) ? `'${text}` : text
}

/** Characters that begin a formula, after spreadsheets trim the text and make wide characters plain. */
const formulaSigns = /^[=+\-@\u2010-\u2015\u2212\u2795\u2796\u02d7]/

function mayBeFormula(text: string): boolean {
  if (/^[\t\r\n]/.test(text)) return true
  const first = /[^\p{C}\p{Z}\p{M}]/u.exec(text)?.[0] ?? ''
  return formulaSigns.test(first.normalize('NFKC'))
}
