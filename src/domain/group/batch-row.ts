import { readDataUri } from '../file/data-uri.ts'
import type { StoredFile } from '../file/file.ts'
import type { Entry } from '../form/fields/field-type.ts'
import { fieldTypeOf, takesFiles } from '../form/fields/index.ts'
import type { Submission } from '../form/form.ts'
import { readForm } from '../form/read-form.ts'
import { shortened } from '../json/excerpt.ts'
import type { JsonObject } from '../json/json.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { mayHoldSecrets } from '../schema/secrets.ts'

/** Why a row of a batch cannot be run. */
export interface RowError {
  /** The name of the input; null when it is about the whole row. */
  readonly input: string | null
  /** A sentence. */
  readonly problem: string
}

export type RowReading =
  | { readonly ok: true; readonly input: JsonObject; readonly files: readonly StoredFile[] }
  | { readonly ok: false; readonly errors: readonly RowError[] }

/** A row as a page shows it. */
export interface ShownRow {
  readonly line: number
  /** By the columns. */
  readonly cells: readonly string[]
  /** Empty for one that can be run. */
  readonly errors: readonly RowError[]
}

/** The rows of a file after all of them were read, as a page shows them. */
export interface CheckedRows {
  /** The names of the inputs that the rows have. */
  readonly columns: readonly string[]
  /** How many can be run, and how many cannot. */
  readonly ready: number
  readonly wrong: number
  /** Some of them: those that cannot be run with their neighbours, or else the first. */
  readonly shown: readonly ShownRow[]
}

/** The file that a text of a row stands for, or why it cannot be used; null when it names none of ours. */
export type FindRowFile = (text: string) => Promise<StoredFile | string | null>

/** Sentences about the names in the first line of a file that are wrong. */
export function columnProblems(schema: ModelSchema, columns: readonly string[]): string[] {
  const names = schema.input.map(({ name }) => name)
  const unknown = columns.filter((name) => name !== '' && !names.includes(name))
  const twice = columns.filter((name, at) => name !== '' && columns.indexOf(name) !== at)
  const missing = schema.input.filter(({ name, required }) => required && !columns.includes(name))
  return [
    ...(columns.includes('') ? ['A column has no name in the first line.'] : []),
    ...distinct(unknown).map((name) => `“${shortened(name)}” is not an input of this model.`),
    ...distinct(twice).map((name) => `There are two columns called ${shortened(name)}.`),
    ...missing.map(({ name }) => `There is no column ${name}, which each run needs.`),
  ]
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}

/** The cells of a row as a form sends them. An empty cell leaves its input out. */
export function submissionOf(
  schema: ModelSchema,
  columns: readonly string[],
  cells: readonly string[],
): Submission {
  return new Map(
    schema.input.flatMap((property) => {
      const cell = cells[columns.indexOf(property.name)] ?? ''
      if (cell === '') return []
      return [[property.name, fieldTypeOf(property).readLink([cell], property)] as const]
    }),
  )
}

/** Reads the inputs of a row: by the rules of the form, and files by their names, too. */
export async function readRow(
  schema: ModelSchema,
  given: Submission,
  findFile: FindRowFile,
): Promise<RowReading> {
  const submission = new Map(given)
  const errors: RowError[] = []
  for (const property of schema.input) {
    const { name } = property
    if (!takesFiles(property)) continue
    const entries: Entry[] = []
    for (const entry of given.get(name) ?? []) {
      const found = typeof entry === 'string' ? await findFile(entry.trim()) : entry
      if (typeof found === 'string') errors.push({ input: name, problem: found })
      entries.push(typeof found === 'object' && found !== null ? found : entry)
    }
    submission.set(name, entries)
  }
  if (errors.length > 0) return { ok: false, errors }
  const reading = readForm(schema, submission)
  return reading.ok ? reading : { ok: false, errors: errorsIn(reading.form) }
}

function errorsIn({
  fields,
}: {
  fields: readonly { error: string | null; property: { name: string } }[]
}) {
  return fields.flatMap(({ error, property }) =>
    error === null ? [] : [{ input: property.name, problem: error }],
  )
}

/** Whether a text can only be the name of a file: it is neither an address nor a file itself. */
export function isFileName(text: string): boolean {
  return text !== '' && !URL.canParse(text) && readDataUri(text) === null
}

/** An input as a list of rows shows it: without secrets. */
export function shownCell(schema: ModelSchema, given: Submission, name: string): string {
  const entries = given.get(name) ?? []
  const texts = entries.map((entry) => (typeof entry === 'string' ? entry : entry.name))
  const text = texts.filter((one) => one !== '').join(', ')
  return text !== '' && mayHoldSecrets(schema, name) ? '•••' : shortened(text)
}
