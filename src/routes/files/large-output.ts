import type { StoredFile } from '../../domain/file/file.ts'
import { isObject, type Json, parseJson } from '../../domain/json/json.ts'
import { type Excerpt, wholeFile } from '../../domain/output/large-output.ts'
import { fileFinder } from '../../domain/output/output-file.ts'
import { piecesOfText } from '../../domain/output/pieces.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { madeFiles } from '../../domain/prediction/summary.ts'
import { type Files, openFile } from '../../files/files.ts'
import { csvHead, csvRows } from './csv.ts'

/** An output that is stored as a file, and what the prediction itself holds of it. */
export interface OutputInFile {
  readonly file: StoredFile
  readonly excerpt: Excerpt
}

/** Null when the prediction holds its output itself. */
export function largeOutputOf({ excerpt, files }: Prediction): OutputInFile | null {
  const file = wholeFile(excerpt, files)
  return excerpt && file ? { file, excerpt } : null
}

/** The files that a large output refers to, without the file that it is. */
export function filesInLargeOutput(prediction: Prediction): StoredFile[] {
  return madeFiles(prediction).filter(({ ref }) => ref !== prediction.excerpt?.ref)
}

type Address = (file: StoredFile) => string

/** The output as JSON with the URLs of its files; null when its file is gone. */
export async function largeOutputJson(
  files: Files,
  { file, excerpt }: OutputInFile,
  prediction: Prediction,
  address: Address,
): Promise<ReadableStream<Uint8Array> | null> {
  const content = await openFile(files, file)
  if (!content) return null
  if (excerpt.form === 'text') return encoded(quoted(textOf(content)))
  const within = filesInLargeOutput(prediction)
  return within.length === 0 ? content : encoded(withAddresses(textOf(content), within, address))
}

/** The output as text; null when it is none. */
export async function largeOutputText(
  files: Files,
  { file, excerpt }: OutputInFile,
  isJoined: boolean,
): Promise<ReadableStream<Uint8Array> | null> {
  if (excerpt.form === 'text') return openFile(files, file)
  if (!isJoined || excerpt.textUnits === null) return null
  const content = await openFile(files, file)
  return content && encoded(joined(itemsOf(textOf(content))))
}

/** The output as CSV; null when it is no table. */
export async function largeOutputCsv(
  files: Files,
  { file, excerpt: { columns } }: OutputInFile,
): Promise<ReadableStream<Uint8Array> | null> {
  const content = columns && (await openFile(files, file))
  return content && encoded(csvLines(columns, itemsOf(textOf(content))))
}

/** The items of a large list, as they are read; none when its file is gone. */
export async function* largeOutputItems(
  files: Files,
  { file }: OutputInFile,
): AsyncGenerator<readonly Json[]> {
  const content = await openFile(files, file)
  if (content)
    for await (const some of itemsOf(textOf(content))) yield some.map((item) => parseJson(item))
}

async function* textOf(content: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const chunk of content) yield decoder.decode(chunk, { stream: true })
}

/** The texts as a stream of UTF-8, generated as it is read. */
export function encoded(texts: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = texts[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      let next = await iterator.next()
      while (!next.done && next.value === '') next = await iterator.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

async function* quoted(texts: AsyncIterable<string>): AsyncGenerator<string> {
  yield '"'
  for await (const text of texts)
    for (const piece of piecesOfText(text)) yield JSON.stringify(piece).slice(1, -1)
  yield '"\n'
}

/** The JSON of each item. The file is a JSON array with one item on each line. */
async function* itemsOf(texts: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = ''
  for await (const text of texts) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield lines
      .filter((line) => line !== '[' && line !== ']' && line !== '')
      .map((line) => (line.endsWith(',') ? line.slice(0, -1) : line))
  }
}

async function* joined(items: AsyncIterable<string[]>): AsyncGenerator<string> {
  for await (const some of items) yield some.map((item) => String(parseJson(item))).join('')
}

async function* csvLines(
  columns: readonly string[],
  items: AsyncIterable<string[]>,
): AsyncGenerator<string> {
  yield csvHead(columns)
  for await (const some of items) {
    yield csvRows(columns, some.map((item) => parseJson(item)).filter(isObject))
  }
}

/** The longest reference to a file as a JSON string, in UTF-16 units. */
const longestUri = 1_300

/** Replaces references by URLs. A reference may be cut anywhere between two texts. */
async function* withAddresses(
  texts: AsyncIterable<string>,
  within: readonly StoredFile[],
  address: Address,
): AsyncGenerator<string> {
  const fileOf = fileFinder(null, within)
  const replaced = (text: string) =>
    text.replace(/"sandpit:[a-z2-7]{26}\/[^"\\]{0,1200}"/g, (uri) => {
      const file = fileOf(uri.slice(1, -1))
      return file && 'ref' in file ? JSON.stringify(address(file)) : uri
    })
  let rest = ''
  for await (const text of texts) {
    const whole = rest + text
    const at = openAt(whole)
    yield replaced(whole.slice(0, at))
    rest = whole.slice(at)
  }
  yield replaced(rest)
}

/** Where a reference that continues in the next text may begin: at one of the last two quotes. */
function openAt(text: string): number {
  const last = text.lastIndexOf('"')
  const before = last > 0 ? text.lastIndexOf('"', last - 1) : -1
  const begun = [before, last].find((at) => at >= 0 && text.length - at < longestUri)
  return begun ?? text.length
}
