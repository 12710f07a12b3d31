/** A body that is not a form, or is cut off. The message is shown to the person who sent it. */
export class BadForm extends Error {
  override readonly name = 'BadForm'
}

/** One part of a multipart form. */
export interface Part {
  readonly name: string
  /** Null for a part that is not a file; empty for an empty file field. */
  readonly fileName: string | null
  /**
   * The bytes as they arrive. Those that are not read are skipped when the next part is read.
   * Throws `BadForm` when the body ends within the part.
   */
  readonly content: AsyncIterable<Uint8Array>
}

/** Reads the next chunk of a body; null at the end. */
export type NextChunk = () => Promise<Uint8Array | null>

const longestBoundary = 256
const mostHeaderBytes = 16 * 1024
const lineEnd = '\r\n'

/** The boundary in a content type. Throws `BadForm` when there is none, or it is too long. */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]*)"|([^\s;,"]*))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain ?? ''
  if (boundary === '' || boundary.length > longestBoundary)
    throw new BadForm('The form’s Content-Type has no boundary.')
  return boundary
}

/**
 * Parses a multipart form (RFC 7578) part by part, holding one chunk in memory. Unlike event-based
 * parsers it reads the body only as fast as its caller, and ends when the body does.
 * Throws `BadForm` for a malformed body.
 */
export async function* partsOf(next: NextChunk, boundary: string): AsyncGenerator<Part> {
  const body = createBody(next)
  const delimiter = `${lineEnd}--${boundary}`
  await skip(body.upTo(delimiter))
  while (!(await endsHere(body))) {
    const headers = await headersOf(body)
    const content = body.upTo(delimiter)
    // Without `return`, a caller that stops reading a part does not end the whole form.
    yield {
      ...headers,
      content: { [Symbol.asyncIterator]: () => ({ next: () => content.next() }) },
    }
    await skip(content)
  }
}

function createBody(next: NextChunk) {
  // The first delimiter may be at the start, without a line end before it.
  let held = Buffer.from(lineEnd)

  async function more(): Promise<void> {
    const chunk = await next()
    if (!chunk) throw new BadForm('The form is incomplete: its end is missing.')
    held = Buffer.concat([held, chunk])
  }

  return {
    /** The bytes up to a delimiter, which is consumed, too. */
    async *upTo(delimiter: string): AsyncGenerator<Uint8Array, void> {
      for (;;) {
        const end = held.indexOf(delimiter)
        // The last bytes may be the start of a delimiter.
        const sure = end === -1 ? held.length - Buffer.byteLength(delimiter) + 1 : end
        const before = held.subarray(0, Math.max(0, sure))
        held = held.subarray(before.length + (end === -1 ? 0 : Buffer.byteLength(delimiter)))
        if (before.length > 0) yield before
        if (end !== -1) return
        await more()
      }
    },
    async take(length: number): Promise<string> {
      while (held.length < length) await more()
      const taken = held.toString('latin1', 0, length)
      held = held.subarray(length)
      return taken
    },
  }
}

type Body = ReturnType<typeof createBody>

/** Whether the delimiter that was read last closes the form. */
async function endsHere(body: Body): Promise<boolean> {
  const after = await body.take(2)
  if (after !== '--' && after !== lineEnd) throw malformed()
  return after === '--'
}

async function headersOf(body: Body): Promise<Omit<Part, 'content'>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body.upTo(lineEnd + lineEnd)) {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostHeaderBytes) throw malformed()
  }
  const headers = new Map<string, string>()
  for (const line of Buffer.concat(chunks).toString().split(lineEnd)) {
    const [, name, value = ''] = /^([\w!#$%&'*+.^`|~-]+):(.*)$/.exec(line) ?? []
    if (name === undefined) throw malformed()
    headers.set(name.toLowerCase(), value.trim())
  }
  const { name, filename } = parametersOf(headers.get('content-disposition') ?? '')
  if (!name) throw unnamed()
  // Some programs send files without a file name.
  const isUnnamedFile = headers.get('content-type') === 'application/octet-stream'
  return { name, fileName: filename ?? (isUnnamedFile ? name : null) }
}

/** The parameters of `form-data; name="a"; filename="b.txt"`. */
function parametersOf(disposition: string): { name?: string; filename?: string } {
  const [type = ''] = disposition.split(';', 1)
  if (type.trim().toLowerCase() !== 'form-data') throw unnamed()
  const found: { [name: string]: string } = {}
  const parameter = /;[ \t]*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))[ \t]*/y
  parameter.lastIndex = type.length
  for (let match = parameter.exec(disposition); match; match = parameter.exec(disposition)) {
    const [, name = '', quoted, plain = ''] = match
    found[name.toLowerCase()] = quoted === undefined ? plain : unquoted(quoted)
    if (parameter.lastIndex === disposition.length) return named(found)
  }
  throw malformed()
}

function named({ name, filename, 'filename*': extended }: { [name: string]: string }) {
  const inUtf8 = /^utf-8'[^']*'(.*)$/i.exec(extended ?? '')?.[1]
  const file = inUtf8 === undefined ? filename : (decoded(inUtf8) ?? filename)
  return {
    ...(name === undefined ? {} : { name }),
    ...(file === undefined ? {} : { filename: file }),
  }
}

/** Undoes the escapes of browsers (`%22`, `%0D`, `%0A`) and of other clients (backslashes). */
function unquoted(text: string): string {
  return text
    .replace(/\\(["\\])/g, '$1')
    .replace(/%(?:22|0D|0A)/gi, (escaped) => decodeURIComponent(escaped))
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

async function skip(content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of content);
}

function unnamed(): BadForm {
  return new BadForm('A part of the form has no name.')
}

function malformed(): BadForm {
  return new BadForm('One part of the form could not be read.')
}
