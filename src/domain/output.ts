import { fileAt, type StoredFile } from './file.ts'
import { isList, type Json } from './json.ts'
import { isSettled, type Prediction } from './prediction.ts'
import type { ValueSchema } from './schema.ts'

/** An output as it is to be drawn. Chosen by what the value is, then by what the schema says. */
export type Output =
  | { readonly kind: 'text'; readonly text: string }
  /** Text that arrives piece by piece; `growing` while more may come. */
  | { readonly kind: 'stream'; readonly text: string; readonly growing: boolean }
  | { readonly kind: 'image'; readonly file: StoredFile }
  | { readonly kind: 'gallery'; readonly files: readonly StoredFile[] }
  | { readonly kind: 'audio'; readonly file: StoredFile }
  | { readonly kind: 'video'; readonly file: StoredFile }
  | { readonly kind: 'file'; readonly file: StoredFile }
  /** A file elsewhere: shown as a link, as our pages load nothing from others. */
  | { readonly kind: 'link'; readonly url: string }
  /** Several values, each in its own way. */
  | { readonly kind: 'list'; readonly items: readonly Output[] }
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'error'; readonly error: string }
  /** Nothing was made, or nothing yet. */
  | { readonly kind: 'empty'; readonly settled: boolean }

export type OutputKind = Output['kind']

/** What to draw for a prediction, under the output schema of its version. */
export function outputOf(prediction: Prediction, schema: ValueSchema): Output {
  const { output, files, error } = prediction
  const settled = isSettled(prediction)
  if (output === null || (isList(output) && output.length === 0))
    return error === null ? { kind: 'empty', settled } : { kind: 'error', error }
  if (isText(output, schema, files))
    return { kind: 'stream', text: joined(output), growing: !settled && prediction.iterates }
  return valueOutput(output, files)
}

function valueOutput(value: Json, files: readonly StoredFile[]): Output {
  const stored = fileAt(value, files)
  if (stored) return fileOutput(stored)
  if (typeof value === 'string') return stringOutput(value)
  if (isList(value)) return listOutput(value, files)
  return { kind: 'json', value }
}

function fileOutput(file: StoredFile): Output {
  const major = file.type.split('/')[0]
  if (major === 'image' || major === 'audio' || major === 'video') return { kind: major, file }
  return { kind: 'file', file }
}

function stringOutput(text: string): Output {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text)
    ? { kind: 'link', url: text }
    : { kind: 'text', text }
}

/** Pictures stand together; otherwise each item stands for itself, unless none is worth more than JSON. */
function listOutput(value: readonly Json[], files: readonly StoredFile[]): Output {
  const items = value.map((item) => valueOutput(item, files))
  const images = items.flatMap((item) => (item.kind === 'image' ? [item.file] : []))
  if (images.length > 0 && images.length === items.length) return { kind: 'gallery', files: images }
  const plain = items.every((item) => item.kind === 'json' || item.kind === 'text')
  return plain ? { kind: 'json', value } : { kind: 'list', items }
}

/** A list that its schema says to concatenate is one text, if it really holds only text. */
function isText(value: Json, schema: ValueSchema, files: readonly StoredFile[]): boolean {
  return (
    schema.concatenate &&
    isList(value) &&
    value.every((item) => typeof item === 'string' && fileAt(item, files) === null)
  )
}

function joined(value: Json): string {
  return isList(value) ? value.join('') : String(value)
}
