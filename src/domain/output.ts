import { tailOfPieces } from './excerpt.ts'
import { isList, type Json } from './json.ts'
import type { Excerpt } from './large-output.ts'
import { type FileFinder, fileFinder, type OutputFile } from './output-file.ts'
import { isSettled, isSpilling, type Prediction } from './prediction.ts'
import type { ValueSchema } from './schema.ts'
import type { Cell } from './table.ts'
import { omission, textOutput, type ValueDrawing, valueOutput } from './value-output.ts'

/**
 * An output as it is to be drawn. Chosen by what the value is, then by what the schema says.
 * `omitted` is how much there is no room for: characters of a text, or items; absent when it is all there.
 */
export type Output =
  | { readonly kind: 'text'; readonly text: string; readonly omitted?: number }
  /** Text that arrived piece by piece; while it is `growing`, what is omitted is its beginning. */
  | {
      readonly kind: 'stream'
      readonly text: string
      readonly growing: boolean
      readonly omitted?: number
    }
  | { readonly kind: 'markdown'; readonly text: string; readonly omitted?: number }
  /** The source of a page, which is shown as such and never as a page. */
  | { readonly kind: 'html'; readonly text: string; readonly omitted?: number }
  | { readonly kind: 'image'; readonly file: OutputFile }
  | { readonly kind: 'gallery'; readonly files: readonly OutputFile[]; readonly omitted?: number }
  | { readonly kind: 'audio'; readonly file: OutputFile }
  | { readonly kind: 'video'; readonly file: OutputFile }
  /** A thing in three dimensions. */
  | { readonly kind: 'mesh'; readonly file: OutputFile }
  | { readonly kind: 'file'; readonly file: OutputFile }
  /** A file elsewhere: shown as a link, as our pages load nothing from others. */
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | {
      readonly kind: 'table'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly Cell[])[]
      readonly omitted?: number
    }
  /** Several values, each in its own way. */
  | { readonly kind: 'list'; readonly items: readonly Output[]; readonly omitted?: number }
  /** Several values with names, each in its own way. */
  | {
      readonly kind: 'object'
      readonly entries: readonly (readonly [name: string, value: Output])[]
      readonly omitted?: number
    }
  /** `room`: how many bytes of a page it may take. */
  | { readonly kind: 'json'; readonly value: Json; readonly room: number }
  | { readonly kind: 'error'; readonly error: string }
  /** Nothing was made, or nothing yet. */
  | { readonly kind: 'empty'; readonly settled: boolean }

export type OutputKind = Output['kind']

/** What an output may take of a page, in bytes; in a panel that is sent often, little. */
const mostBytes = 96 * 1024
const mostGrowingBytes = 16 * 1024

/** What to draw for a prediction, under the output schema of its version. */
export function outputOf(prediction: Prediction, schema: ValueSchema): Output {
  const { output, excerpt, files, error } = prediction
  const settled = isSettled(prediction)
  if (excerpt) return excerptOutput(prediction, excerpt, schema)
  if (isNothing(output))
    return error === null ? { kind: 'empty', settled } : { kind: 'error', error }
  const fileOf = fileFinder(output, files)
  const pieces = piecesOf(output, schema, fileOf)
  const drawing = { fileOf, settled, schema, room: mostBytes, depth: 0 }
  if (!pieces) return valueOutput(output, drawing)
  if (settled) return joinedOutput(pieces.join(''), drawing)
  const text = tailOfPieces(pieces, mostGrowingBytes)
  const units = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return { kind: 'stream', text, growing: prediction.iterates, ...omission(units - text.length) }
}

/** The beginning of an output that is too large for a page; while it grows, the end of its text. */
function excerptOutput(
  prediction: Prediction,
  { head, tail, length, textUnits }: Excerpt,
  schema: ValueSchema,
): Output {
  const fileOf = fileFinder(head, prediction.files)
  const isText = textUnits !== null && schema.concatenate
  if (isText && isSpilling(prediction)) {
    const pieces = tail.filter((item) => typeof item === 'string')
    return { kind: 'stream', text: tailOfPieces(pieces, mostGrowingBytes), growing: true }
  }
  const drawing = { fileOf, settled: true, schema, room: mostBytes, depth: 0 }
  if (isText) return ofTotal(joinedOutput(isList(head) ? head.join('') : '', drawing), textUnits)
  return ofTotal(valueOutput(head, drawing), length)
}

/** What is shown of an excerpt leaves out what the excerpt does, too. */
function ofTotal(output: Output, total: number): Output {
  switch (output.kind) {
    case 'text':
    case 'stream':
    case 'markdown':
    case 'html':
      return { ...output, ...omission(total - output.text.length) }
    case 'table':
      return { ...output, ...omission(total - output.rows.length) }
    case 'gallery':
      return { ...output, ...omission(total - output.files.length) }
    case 'list':
      return { ...output, ...omission(total - output.items.length) }
    case 'object':
      return { ...output, ...omission(total - output.entries.length) }
    default:
      return output
  }
}

/** The text that an output is; null when it is something else. */
export function textOf(
  { output, files }: Pick<Prediction, 'output' | 'files'>,
  schema: ValueSchema,
): string | null {
  const fileOf = fileFinder(output, files)
  if (isList(output)) return piecesOf(output, schema, fileOf)?.join('') ?? null
  if (output === null || typeof output === 'object' || fileOf(output)) return null
  return String(output)
}

function isNothing(output: Json): boolean {
  return output === null || output === '' || (isList(output) && output.length === 0)
}

/** The pieces of a list that its schema says to join to one text, if it really holds only text. */
function piecesOf(output: Json, schema: ValueSchema, fileOf: FileFinder): readonly string[] | null {
  if (!schema.concatenate || !isList(output)) return null
  const isText = (item: Json) => typeof item === 'string' && fileOf(item) === null
  return output.every(isText) ? (output as readonly string[]) : null
}

function joinedOutput(text: string, drawing: ValueDrawing): Output {
  const output = textOutput(text, drawing)
  if (text === '') return { kind: 'empty', settled: true }
  return output.kind === 'text' ? { ...output, kind: 'stream', growing: false } : output
}
