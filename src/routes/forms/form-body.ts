import type { Context } from 'hono'
import { BadForm, boundaryOf, type NextChunk, partsOf } from './multipart.ts'

const mostFields = 2_000
const mostFiles = 100
const mostFieldBytes = 10 * 2 ** 20

/** All that is typed is held in memory until the form is read. */
const mostText = 32 * 2 ** 20

/**
 * A browser shows our answer once it has sent all, so what is refused is read past: this much of it,
 * as long as more comes at least this often.
 */
const mostPassed = { bytes: 256 * 2 ** 20, idleMs: 3_000 }

/** What a form is made of, part by part as it arrives. */
export interface FormParts {
  field(name: string, text: string): void
  /** Takes a file's content; what it leaves unread is read past. */
  file(name: string, fileName: string, content: AsyncIterable<Uint8Array>): Promise<void>
}

/**
 * Reads the form in a body as it arrives, holding none of its files: the one way in which forms are
 * read, whatever their address. Throws `BadForm`, with nothing left open, when it is not one.
 */
export async function readParts(c: Context, parts: FormParts): Promise<void> {
  const type = c.req.header('Content-Type') ?? ''
  const reader = c.req.raw.body?.getReader()
  if (!reader) return readNone(type)
  const next: NextChunk = async () => {
    try {
      return (await reader.read()).value ?? null
    } catch (cause) {
      throw new BadForm('The form is incomplete: the connection was closed.', { cause })
    }
  }
  try {
    if (isMultipart(type)) await readMultipart(next, type, parts)
    else if (isUrlEncoded(type)) await readUrlEncoded(next, parts)
    // What is posted without any field need not say that it is a form.
    else if (await next()) throw notForm(type)
  } finally {
    await readPast(next)
    reader.releaseLock()
  }
}

/** Not even an end of it: a multipart form has one. */
function readNone(type: string): void {
  if (isMultipart(type)) throw new BadForm('The form is empty.')
}

async function readMultipart(next: NextChunk, type: string, parts: FormParts): Promise<void> {
  const boundary = boundaryOf(type)
  const count = createCount()
  const faults: unknown[] = []
  for await (const { name, fileName, content } of partsOf(next, boundary)) {
    if (fileName === null) {
      const text = await textOf(content, name)
      count.field(name, text)
      if (faults.length === 0) parts.field(name, text)
    } else if (fileName !== '') {
      // A file box that was left empty is sent as a file without a name.
      count.file()
      if (faults.length === 0)
        await parts.file(name, fileName, content).catch((error) => faults.push(error))
    }
  }
  if (faults.length > 0) throw faults[0]
}

async function readUrlEncoded(next: NextChunk, { field }: FormParts): Promise<void> {
  const count = createCount()
  const text = await textOf(chunksOf(next), 'The form', mostText)
  for (const [name, value] of new URLSearchParams(text)) {
    count.field(name, value)
    field(name, value)
  }
}

/** Counts what a form holds, and refuses more than we read. */
function createCount() {
  let fields = 0
  let files = 0
  let text = 0
  const tooMany = () => new BadForm('The form has too many fields.')
  return {
    field(name: string, value: string): void {
      text += name.length + value.length
      if (text > mostText) throw new BadForm(`The form has more than ${mostText >> 20} MB of text.`)
      if (++fields > mostFields) throw tooMany()
    },
    file(): void {
      if (++files > mostFiles) throw tooMany()
    },
  }
}

async function textOf(
  content: AsyncIterable<Uint8Array>,
  what: string,
  most = mostFieldBytes,
): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of content) {
    chunks.push(chunk)
    size += chunk.length
    if (size > most) throw new BadForm(`${what} has more than ${most >> 20} MB of text.`)
  }
  return Buffer.concat(chunks).toString()
}

async function* chunksOf(next: NextChunk): AsyncGenerator<Uint8Array> {
  for (let chunk = await next(); chunk; chunk = await next()) yield chunk
}

/** Reads the rest of a body, within bounds. Never rejects. */
async function readPast(next: NextChunk): Promise<void> {
  let left = mostPassed.bytes
  try {
    while (left > 0) {
      const chunk = await soon(next())
      if (!chunk) return
      left -= chunk.length
    }
  } catch {
    // Nobody is left to answer.
  }
}

async function soon(chunk: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), mostPassed.idleMs)
  // One that comes too late is of no interest, nor is why it did not come.
  chunk.catch(() => {})
  return Promise.race([chunk, promise]).finally(() => clearTimeout(timer))
}

const isMultipart = (type: string) => /^multipart\/form-data\b/i.test(type)
const isUrlEncoded = (type: string) => /^application\/x-www-form-urlencoded\b/i.test(type)

function notForm(type: string): BadForm {
  return new BadForm(
    type === ''
      ? 'Send a form: this request has no Content-Type.'
      : `Send a form: the Content-Type of this request is “${type}”.`,
  )
}
