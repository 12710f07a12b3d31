import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { ModelFile } from 'sandpit/model'

/** As much of a file as tells what it is. */
const startBytes = 64 * 1024

/** A file that has been found to be text. */
export interface Text {
  readonly name: string
  readonly encoding: string
  /** The first few lines of it. */
  readonly start: string
  readonly bytes: number
  /** All of it, piece by piece; `heard` is told how many bytes were read. */
  pieces(heard: (bytes: number) => void, signal: AbortSignal): AsyncGenerator<string>
}

/** Looks at how a file begins. Throws a sentence when that is no table in text. */
export async function openText({ name, path }: ModelFile): Promise<Text> {
  const { size: bytes } = await stat(path)
  const head = await readStart(path)
  const encoding = encodingOf(head)
  const start = new TextDecoder(encoding).decode(head, { stream: head.length < bytes })
  if (start.trim() === '') throw new Error(`${name} is empty.`)
  const other = otherKind(start)
  if (other) throw new Error(`${name} is not a CSV file: it looks like ${other}.`)

  async function* pieces(heard: (bytes: number) => void, signal: AbortSignal) {
    const decoder = new TextDecoder(encoding)
    let read = 0
    for await (const chunk of createReadStream(path, { signal, highWaterMark: startBytes })) {
      read += chunk.length
      yield decoder.decode(chunk, { stream: true })
      heard(read)
    }
    yield decoder.decode()
  }

  return { name, encoding, start, bytes, pieces }
}

async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(startBytes), 0, startBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** By its first bytes; what is no UTF is what spreadsheets in the west have long written. */
function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

function otherKind(start: string): string | null {
  if (start.startsWith('PK\x03\x04')) return 'a spreadsheet or an archive. Save it as CSV first'
  if (start.startsWith('%PDF-')) return 'a PDF'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from the rest
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(start)) return 'something other than text'
  if (/^\s*<(?:!doctype|html|\?xml|svg)\b/i.test(start) || /^\s*<\?xml/i.test(start))
    return 'a page or XML'
  if (/^\s*(?:\{\s*"|\[\s*[{[])/.test(start)) return 'JSON'
  return null
}
