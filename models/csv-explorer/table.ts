import { pipeline } from 'node:stream/promises'
import { type CsvError, parse } from 'csv-parse'
import { type Column, createColumn } from './column.ts'
import type { Text } from './text.ts'
import { type Cell, shortened, valueIn } from './value.ts'

const mostColumns = 1_000

/** A row longer than this, in bytes, is most likely a quote that was never closed. */
const longestRow = 1_000_000

export interface Wishes {
  readonly delimiter: string
  /** How many rows to show. */
  readonly rows: number
  readonly header: boolean
  readonly signal: AbortSignal
  readonly progress: (fraction: number, label: string) => void
}

/** Reads the whole table once, and keeps no more of it than its first rows. */
export async function explore(text: Text, wishes: Wishes) {
  const table = createTable(text.name, wishes)
  const parser = parse({
    delimiter: wishes.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  })
  const heard = (bytes: number) =>
    wishes.progress(bytes / text.bytes, `${table.count()} rows so far`)
  try {
    await pipeline(
      text.pieces(heard, wishes.signal),
      parser,
      async (records: AsyncIterable<string[]>) => {
        for await (const record of records) table.add(record)
      },
    )
  } catch (error) {
    throw explained(error, text.name)
  }
  return { output: table.output(), ragged: table.ragged() }
}

function createTable(name: string, wishes: Wishes) {
  const columns: Column[] = []
  const shown: string[][] = []
  let count = 0
  let ragged = 0
  let expected: number | null = null

  function begin(record: readonly string[]): void {
    expected = record.length
    const names = wishes.header ? record.map((cell) => shortened(cell.trim())) : []
    for (let i = 0; i < record.length; i++) addColumn(names[i])
  }

  function addColumn(wanted = ''): void {
    if (columns.length === mostColumns)
      throw new Error(`${name} has more than ${mostColumns} columns, which is more than fit here.`)
    const taken = new Set(columns.map((column) => column.name))
    columns.push(createColumn(freeName(wanted || `column ${columns.length + 1}`, taken)))
  }

  return {
    add(record: readonly string[]): void {
      const isFirst = expected === null
      if (isFirst) begin(record)
      if (isFirst && wishes.header) return
      const cells = record.map((cell) => cell.trim())
      count++
      if (cells.length !== expected) ragged++
      while (columns.length < cells.length) addColumn()
      for (const [i, cell] of cells.entries()) columns[i]?.add(cell)
      if (shown.length < wishes.rows) shown.push(cells)
    },
    count: () => count,
    ragged: () => ragged,
    output: () => ({
      count,
      summary: columns.map((column) => column.summary(count)),
      rows: shown.map((cells) => rowOf(cells, columns)),
    }),
  }
}

/** Two columns of one name would be one in an object. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  // A name that JavaScript keeps for itself.
  const plain = wanted === '__proto__' ? 'proto' : wanted
  if (!taken.has(plain)) return plain
  let number = 2
  while (taken.has(`${plain} ${number}`)) number++
  return `${plain} ${number}`
}

function rowOf(cells: readonly string[], columns: readonly Column[]): Record<string, Cell> {
  return Object.fromEntries(
    columns.map((column, i) => [column.name, valueIn(cells[i] ?? '', column.kind())]),
  )
}

/** The parser's error as a sentence for the person who uploaded the file. */
function explained(error: unknown, name: string): unknown {
  const { code, lines } = error as CsvError & { readonly lines?: number }
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return new Error(`${name} has a quote that is never closed: look before its end.`)
  if (code === 'CSV_MAX_RECORD_SIZE')
    return new Error(
      `${name} has a row of more than 1 MB around line ${lines ?? 1}: most likely a quote before it is never closed, or it is not a CSV file.`,
    )
  return error
}
