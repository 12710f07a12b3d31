import type { StoredFile } from '../../domain/file/file.ts'
import {
  type CheckedRows,
  type FindRowFile,
  type RowError,
  readRow,
  type ShownRow,
  shownCell,
} from '../../domain/group/batch-row.ts'
import type { JsonObject } from '../../domain/json/json.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { createTurns } from '../../sleep.ts'
import { rowsInFile, type SentRow } from './rows-in-file.ts'
import { textInFile, UnreadableRows } from './text-in-file.ts'

/** A row that can be run. */
export interface ReadyRow {
  readonly line: number
  readonly input: JsonObject
  readonly files: readonly StoredFile[]
}

/** The rows of a file, after all of them were read. */
export interface Batch {
  readonly checked: CheckedRows
  /** Those that can be run. */
  readonly ready: readonly ReadyRow[]
}

export interface RowsOptions {
  readonly schema: ModelSchema
  /** The name of the file. */
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
  readonly mostRows: number
  readonly findFile: FindRowFile
}

/** Reads and validates every row, a few milliseconds at a time. Throws `UnreadableRows`. */
export async function readBatch(options: RowsOptions): Promise<Batch> {
  const { schema, name, content, mostRows, findFile } = options
  const turn = createTurns()
  const ready: ReadyRow[] = []
  const used = new Set<string>()
  const shown = createShown()
  let count = 0
  for await (const row of rowsInFile(schema, name, textInFile(content))) {
    if (++count > mostRows) throw new UnreadableRows(tooMany(mostRows))
    const reading = await readSent(schema, row, findFile)
    if (reading.ok) ready.push({ line: row.line, input: reading.input, files: reading.files })
    shown.add(row, reading.ok ? [] : reading.errors)
    if (typeof row.given !== 'string') for (const input of row.given.keys()) used.add(input)
    await turn()
  }
  if (count === 0) throw new UnreadableRows('This file has no rows below its first line.')
  const columns = schema.input.map((property) => property.name).filter((one) => used.has(one))
  const counts = { ready: ready.length, wrong: count - ready.length }
  return { checked: { columns, ...counts, shown: shown.rows(schema, columns) }, ready }
}

function readSent(schema: ModelSchema, { given }: SentRow, findFile: FindRowFile) {
  if (typeof given !== 'string') return readRow(schema, given, findFile)
  return { ok: false, errors: [{ input: null, problem: given }] } as const
}

function tooMany(most: number): string {
  const rows = most.toLocaleString('en-GB')
  return `This file has more than ${rows} rows. Split it into files with at most so many.`
}

const mostShown = 60
const mostReady = 20

interface SeenRow {
  readonly row: SentRow
  readonly errors: readonly RowError[]
}

/** Collects the rows that a page shows. */
function createShown() {
  const first: SeenRow[] = []
  const near: SeenRow[] = []
  let before: SeenRow | null = null

  return {
    add(row: SentRow, errors: readonly RowError[]): void {
      const seen = { row, errors }
      if (first.length < mostReady) first.push(seen)
      if (near.length < mostShown) {
        if (errors.length > 0 && before && near.at(-1) !== before) near.push(before)
        if (errors.length > 0 || (before && before.errors.length > 0)) near.push(seen)
      }
      before = seen
    },
    rows(schema: ModelSchema, columns: readonly string[]): readonly ShownRow[] {
      return (near.length > 0 ? near : first).map(({ row: { line, given }, errors }) => ({
        line,
        cells: columns.map((name) =>
          typeof given === 'string' ? '' : shownCell(schema, given, name),
        ),
        errors,
      }))
    },
  }
}
