import { extensionOf } from '../file/extensions.ts'
import { fileRef, fileRefsIn, type StoredFile } from '../file/file.ts'
import { beginning } from '../json/excerpt.ts'
import { formatJson, isList, isObject, type Json } from '../json/json.ts'
import { mapStrings, stringsIn } from '../json/walk.ts'
import { headOfValue } from '../output/large-output.ts'
import { dataUriType } from '../output/output-file.ts'
import type { Prediction } from './prediction.ts'

/** The files that a prediction made, without those it was given. */
export function madeFiles({ files, input }: Pick<Prediction, 'files' | 'input'>): StoredFile[] {
  const given = new Set(fileRefsIn(input))
  return files.filter(({ ref }) => !given.has(ref))
}

/** The most files of a prediction in a list. */
const mostListed = 12

/** The files of a prediction that a list shows. */
export function listedFiles(prediction: Pick<Prediction, 'files' | 'input'>): StoredFile[] {
  return madeFiles(prediction).slice(0, mostListed)
}

const mostUnits = 200

/** The inputs in one line, texts first. Takes bounded time for inputs of any size. */
export function summaryOf({ input, files }: Pick<Prediction, 'files' | 'input'>): string {
  const shown = headOfValue(input, 20 * mostUnits)
  const words = Object.entries(isObject(shown) ? shown : {}).map(([name, value]) =>
    describe(name, value, files),
  )
  const first = words.filter(({ isText }) => isText)
  const line = [...first, ...words.filter(({ isText }) => !isText)]
    .map(({ text }) => text)
    .join(', ')
  return line.length > mostUnits ? `${beginning(line, mostUnits - 1)}…`.toWellFormed() : line
}

/** The beginning of an output in one line; null when it is nothing but files. */
export function snippetOf({
  output,
  excerpt,
}: Pick<Prediction, 'output' | 'excerpt'>): string | null {
  const value = excerpt ? excerpt.head : output
  const shown = withoutFiles(headOfValue(value, 8 * mostUnits))
  if (shown === null) return null
  const pieces = isList(shown) && shown.every((item) => typeof item === 'string') ? shown : null
  const text = pieces?.join('') ?? (typeof shown === 'string' ? shown : formatJson(shown))
  const line = text
    .slice(0, 4 * mostUnits)
    .trim()
    .replace(/\s+/g, ' ')
  return line === '' ? null : beginning(line, mostUnits).toWellFormed()
}

/** Null for a file, and for a list or an object of nothing but files. */
function withoutFiles(value: Json): Json {
  const strings = stringsIn(value)
  const isFile = (text: string) => fileRef(text) !== null || dataUriType(text) !== null
  return strings.length > 0 && strings.every(isFile) ? null : value
}

function describe(name: string, value: Json, files: readonly StoredFile[]) {
  const ref = fileRefsIn(value)[0]
  const file = files.find((candidate) => candidate.ref === ref)
  if (file) return { isText: true, text: file.name }
  const type = typeof value === 'string' ? dataUriType(value) : null
  if (type !== null) return { isText: true, text: `${name}.${extensionOf(type)}` }
  const shown = shorter(value)
  if (typeof shown === 'string' && shown.length > 12) return { isText: true, text: shown }
  return {
    isText: false,
    text: `${name} = ${typeof shown === 'string' ? shown : formatJson(withoutContents(shown))}`,
  }
}

function shorter(value: Json): Json {
  return typeof value === 'string'
    ? value.slice(0, 2 * mostUnits)
    : headOfValue(value, 2 * mostUnits)
}

/** The same value with the media types of files in place of their `data:` URIs. */
function withoutContents(value: Json): Json {
  return mapStrings(value, (text) => dataUriType(text) ?? text)
}
