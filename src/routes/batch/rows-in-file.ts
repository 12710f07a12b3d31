import { pipeline } from 'node:stream'
import type { InfoField } from 'csv-parse'
import type { Submission } from '../../domain/form/form.ts'
import { readAsForm } from '../../domain/form/form-json.ts'
import { columnProblems, submissionOf } from '../../domain/group/batch-row.ts'
import { delimiterOf } from '../../domain/group/delimiter.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { UnreadableRows } from './text-in-file.ts'

/** A row of a file, before its values are read. */
export interface SentRow {
  /** The line on which it begins, from 1. */
  readonly line: number
  /** As a form sends them; a sentence when the row cannot be split into inputs. */
  readonly given: Submission | string
}

/** In UTF-16 units, or bytes of CSV: a quote that is never closed would make a row of the whole file. */
const longestRow = 2 ** 20

/** The rows of a file of inputs: JSON lines, or CSV whose first line names the inputs. Throws `UnreadableRows`. */
export async function* rowsInFile(
  schema: ModelSchema,
  name: string,
  texts: AsyncGenerator<string>,
): AsyncGenerator<SentRow> {
  const { value: beginning = '' } = await texts.next()
  if (beginning.trimStart().startsWith('['))
    throw new UnreadableRows('This is one JSON list. Write each object on a line of its own.')
  const all = startingWith(beginning, texts)
  const isJson = beginning.trimStart().startsWith('{') || /\.(?:jsonl|ndjson)$/i.test(name)
  yield* isJson ? jsonRows(schema, all) : csvRows(schema, all, delimiterOf(beginning))
}

async function* startingWith(first: string, rest: AsyncIterable<string>) {
  yield first
  yield* rest
}

async function* jsonRows(schema: ModelSchema, texts: AsyncIterable<string>) {
  let line = 0
  for await (const text of linesOf(texts)) {
    line++
    if (text.trim() === '') continue
    const reading = readAsForm(schema, text, [])
    yield { line, given: reading.ok ? reading.submission : reading.error }
  }
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let line: string[] = []
  let units = 0
  for await (const text of texts) {
    const [first = '', ...rest] = text.split('\n')
    line.push(first)
    units += first.length
    if (units > longestRow) throw new UnreadableRows('One line has more than 1 MB of text.')
    for (const next of rest) {
      yield line.join('')
      line = [next]
      units = next.length
    }
  }
  yield line.join('')
}

async function* csvRows(
  schema: ModelSchema,
  texts: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<SentRow> {
  let columns: readonly string[] | null = null
  for await (const { line, cells } of recordsOf(texts, delimiter)) {
    if (columns === null) {
      columns = cells.map((name) => name.trim())
      const problems = columnProblems(schema, columns)
      if (problems.length > 0) throw new UnreadableRows(headSentence(schema, problems))
    } else if (cells.length > columns.length) {
      const given = `This row has ${grouped(cells.length)} cells, and the first line ${columns.length}. Put quotes around a text with “${delimiter}”.`
      yield { line, given }
    } else yield { line, given: submissionOf(schema, columns, cells) }
  }
  if (columns === null) throw new UnreadableRows('This file is empty.')
}

/** More than any model has inputs: a line of nothing but commas has more. */
const mostColumns = 5_000

/** Of all rows, those counted that have nothing in them. */
const mostCells = 2_000_000

/** Lines of any kind: more than any setting lets be run, and room for empty ones between them. */
const mostLines = 200_000

const grouped = (count: number) => count.toLocaleString('en-GB')

/** Refuses a file as soon as it has too many cells: the parser has a limit for texts, and none for these. */
function createCellLimit() {
  let cells = 0
  return (text: string, { index, lines }: InfoField): string => {
    if (index >= mostColumns)
      throw new UnreadableRows(
        `Line ${lines}: this row has more than ${grouped(mostColumns)} cells. The first line names the inputs of this model, and the others have one cell for each.`,
      )
    if (++cells > mostCells)
      throw new UnreadableRows(
        `This file has more than ${grouped(mostCells)} cells, empty ones counted. Remove empty rows and columns, or split it.`,
      )
    return text
  }
}

/** The first of many problems. */
const mostProblems = 5

function headSentence({ input }: ModelSchema, problems: readonly string[]): string {
  const names = input.map(({ name }) => name).join(', ')
  const shown = problems.slice(0, mostProblems).join(' ')
  return `${shown} The first line names the inputs of this model: ${names}.`
}

/** The records of a CSV file that have any text. Throws `UnreadableRows` where a quote is misplaced. */
async function* recordsOf(texts: AsyncIterable<string>, delimiter: string) {
  // Loaded with the first batch.
  const { parse } = await import('csv-parse')
  const options = {
    delimiter,
    info: true,
    relax_column_count: true,
    max_record_size: longestRow,
    cast: createCellLimit(),
    // Of its stream, which its types leave out: the parser would go through all pieces that wait at once.
    writableHighWaterMark: 1,
  }
  const parser = parse(options)
  // Its errors end the records, too.
  pipeline(texts, parser, () => {})
  let lines = 0
  try {
    for await (const { record, info } of parser) {
      if (++lines > mostLines)
        throw new UnreadableRows(
          `This file has more than ${grouped(mostLines)} rows, empty ones counted.`,
        )
      const cells: readonly string[] = record
      if (cells.every((cell) => cell.trim() === '')) continue
      yield { line: info.lines - linesWithin(cells), cells }
    }
  } catch (error) {
    throw unreadable(error)
  }
}

function linesWithin(cells: readonly string[]): number {
  let lines = 0
  for (const cell of cells)
    for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) lines++
  return lines
}

const csvProblems: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened there and never closed',
  INVALID_OPENING_QUOTE:
    'a quote stands within a text. Put the whole text in quotes, and write the quote twice',
  CSV_INVALID_CLOSING_QUOTE:
    'a text goes on after its closing quote. Write a quote in a text twice',
  CSV_MAX_RECORD_SIZE: 'this row has more than 1 MB. Perhaps a quote before it is not closed',
}

function unreadable(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('lines' in error)) return error
  const problem = csvProblems[String(error.code)]
  return problem === undefined
    ? error
    : new UnreadableRows(`Line ${error.lines}: ${problem}.`, { cause: error })
}
