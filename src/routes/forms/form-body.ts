import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { BadForm, boundaryOf, type NextChunk, partsOf } from './multipart.ts'

const mostFields = 2_000
const mostFiles = 100
const mostFieldBytes = 10 * 2 ** 20

/** The most text in one form, in UTF-16 units. It is held in memory. */
const mostText = 32 * 2 ** 20

/**
 * Browsers show the response once they have sent the whole form, so the rest of a refused form is
 * read and dropped: this much of it, while chunks arrive at least this often.
 */
const mostPassed = { bytes: 256 * 2 ** 20, idleMs: 3_000 }

/** Receives the parts of a form as they arrive. */
export interface FormParts {
  field(name: string, text: string): void
  /** Receives a file. Content that it does not read is dropped. */
  file(name: string, fileName: string, content: AsyncIterable<Uint8Array>): Promise<void>
}

/**
 * Reads the form in a body as it arrives, without holding its files in memory, which Hono’s
 * `parseBody` does. Throws `BadForm` for a body that is not a form.
 */
export async function readParts(c: Context, parts: FormParts, body = bodyOf(c)): Promise<void> {
  const type = c.req.header('Content-Type') ?? ''
  if (!body) return readNone(type)
  const chunks = body[Symbol.asyncIterator]()
  const next: NextChunk = async () => {
    try {
      return (await chunks.next()).value ?? null
    } catch (cause) {
      throw new BadForm('The form is incomplete: the connection was closed.', { cause })
    }
  }
  try {
    if (isMultipart(type)) await readMultipart(next, type, parts)
    else if (isUrlEncoded(type)) await readUrlEncoded(next, parts)
    // A form without fields may come without a content type.
    else if (await next()) throw notForm(type)
  } finally {
    await readPast(next)
  }
}

type Body = AsyncIterable<Uint8Array>

/** A body as it arrives: over a socket Node's own stream, as the web stream around it takes longer. */
function bodyOf(c: Context): Body | null {
  return c.env?.incoming ?? c.req.raw.body
}

/** An empty multipart form still has a closing boundary. */
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
      // Browsers send an empty file field as a file without a name.
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

/** Counts the fields, files and text of a form. Throws `BadForm` past the limits. */
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

/** Reads and drops the rest of a body, within limits. Never rejects. */
async function readPast(next: NextChunk): Promise<void> {
  let left = mostPassed.bytes
  try {
    while (left > 0) {
      const chunk = await soon(next())
      if (!chunk) return
      left -= chunk.length
    }
  } catch {
    // The client has disconnected.
  }
}

async function soon(chunk: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
  // Late chunks are dropped, with their errors.
  chunk.catch(() => {})
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(late.resolve, mostPassed.idleMs, null)
  return Promise.race([chunk, late.promise]).finally(() => clearTimeout(timer))
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

declare module 'hono' {
  interface ContextVariableMap {
    /** The text of each field of the form that was posted: the last of each name. */
    formFields: ReadonlyMap<string, string>
    /** Every text of each field. */
    formLists: ReadonlyMap<string, readonly string[]>
  }
}

/** Far more than a person types into these forms. */
const mostFormBytes = 2 ** 20

/**
 * Reads a posted form before its handler is called, so that a form that breaks off changes nothing.
 * A file in it is a field with its text. Forms with larger files have readers of their own. Throws
 * `BadForm`.
 */
export function formFields(): MiddlewareHandler {
  const short = bodyLimit({
    maxSize: mostFormBytes,
    onError: (c) => c.text('That form is too large for this server.\n', 413),
  })
  return (c, next) => {
    if (c.req.method !== 'POST') return next()
    return short(c, async () => {
      const lists = await listsOf(c)
      c.set('formLists', lists)
      c.set('formFields', new Map([...lists].map(([name, texts]) => [name, texts.at(-1) ?? ''])))
      await next()
    })
  }
}

async function listsOf(c: Context): Promise<ReadonlyMap<string, readonly string[]>> {
  const lists = new Map<string, string[]>()
  const parts: FormParts = {
    field(name, text) {
      const list = lists.get(name)
      if (list) list.push(text)
      else lists.set(name, [text])
    },
    file: async (name, _fileName, content) => parts.field(name, await textOf(content, name)),
  }
  // The limit may have put a stream of its own in place of the body.
  await readParts(c, parts, c.req.raw.body)
  return lists
}
