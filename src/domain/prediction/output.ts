import { tailOfPieces } from '../json/excerpt.ts'
import { isList, type Json } from '../json/json.ts'
import type { Excerpt } from '../output/large-output.ts'
import type { Output } from '../output/output.ts'
import { type FileFinder, fileFinder } from '../output/output-file.ts'
import { omission, textOutput, type ValueDrawing, valueOutput } from '../output/value-output.ts'
import type { ValueSchema } from '../schema/value-schema.ts'
import { pictureBefore } from './picture-before.ts'
import { isSettled, isSpilling, type Prediction } from './prediction.ts'

/** The most bytes of a page for an output; fewer in a panel that is sent often. */
const mostBytes = 96 * 1024
const mostGrowingBytes = 16 * 1024

/** The output to draw for a prediction, by the output schema of its version. */
export function outputOf(prediction: Prediction, schema: ValueSchema): Output {
  const { output, excerpt, files, error } = prediction
  const settled = isSettled(prediction)
  if (excerpt) return excerptOutput(prediction, excerpt, schema)
  if (isNothing(output))
    return error === null ? { kind: 'empty', settled } : { kind: 'error', error }
  const fileOf = fileFinder(output, files)
  const pieces = piecesOf(output, schema, fileOf)
  const drawing = { fileOf, settled, schema, room: mostBytes, depth: 0 }
  if (!pieces) return compared(valueOutput(output, drawing), prediction)
  if (settled) return joinedOutput(pieces.join(''), drawing)
  const text = tailOfPieces(pieces, mostGrowingBytes)
  const units = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return { kind: 'stream', text, growing: prediction.iterates, ...omission(units - text.length) }
}

/** A picture alone, with the picture of the input that it can be compared with. */
function compared(output: Output, prediction: Prediction): Output {
  if (output.kind !== 'image' && output.kind !== 'gallery') return output
  const [file, another] = output.kind === 'image' ? [output.file] : output.files
  if (!file || another) return output
  const before = pictureBefore(prediction, file)
  return before ? { kind: 'image', file, before } : output
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

/** The same with all that is omitted counted, of a total that is larger than the excerpt. */
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

/** The output as text; null when it is not text. */
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
  const isText = (item: Json): item is string => typeof item === 'string' && fileOf(item) === null
  return output.every(isText) ? output : null
}

function joinedOutput(text: string, drawing: ValueDrawing): Output {
  const output = textOutput(text, drawing)
  if (text === '') return { kind: 'empty', settled: true }
  return output.kind === 'text' ? { ...output, kind: 'stream', growing: false } : output
}
