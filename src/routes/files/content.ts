import contentDisposition from 'content-disposition'
import type { Context } from 'hono'
import { typeOfName } from '../../domain/file/extensions.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import { type ByteRange, type Files, openFile } from '../../files/files.ts'

/** Types that a browser may show: media, which includes SVG thanks to the sandbox, and plain text. */
const shownTypes =
  /^(?:image|audio|video)\/|^text\/(?:plain|csv|markdown|tab-separated-values|vtt)$|^application\/json$/

/** The policy of a file opened in a tab: it runs no scripts and loads nothing from elsewhere. */
const sandbox =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox"

/** Sends a stored file, or the range of it that the request names. */
export async function sendFile(c: Context, files: Files, file: StoredFile): Promise<Response> {
  const etag = `"${file.sha256}"`
  if (c.req.header('If-None-Match') === etag) {
    describe(c, file, etag)
    return c.body(null, 304)
  }
  const range = rangeOf(c, file.size, etag)
  if (range === 'unsatisfiable') {
    describe(c, file, etag)
    c.header('Content-Range', `bytes */${file.size}`)
    return c.body(null, 416)
  }
  const content = await openFile(files, file, range ?? undefined)
  if (!content) return c.notFound()
  describe(c, file, etag)
  c.header('Content-Length', String(range ? range.end - range.start + 1 : file.size))
  if (range) c.header('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  return sendBody(c, content, range ? 206 : 200)
}

function describe(c: Context, file: StoredFile, etag: string): void {
  setContentHeaders(c, file.type, file.name)
  c.header('ETag', etag)
  c.header('Accept-Ranges', 'bytes')
  c.header('Cache-Control', 'private, max-age=31536000, immutable')
}

/** Sends a body. The body of a HEAD response is never read, so its stream is closed here. */
export async function sendBody(
  c: Context,
  content: ReadableStream,
  status: 200 | 206 = 200,
): Promise<Response> {
  if (c.req.method !== 'HEAD') return c.body(content, status)
  await content.cancel()
  return c.body(null, status)
}

/** Sends a file that is not in the store, such as a model’s cover. Its type is that of its name. */
export async function sendContent(
  c: Context,
  name: string,
  content: ReadableStream,
): Promise<Response> {
  setContentHeaders(c, typeOfName(name) ?? 'application/octet-stream', name)
  c.header('Cache-Control', 'private, max-age=300')
  return sendBody(c, content)
}

/** The type and name of a file, and the policy that keeps it from doing anything in a tab. */
function setContentHeaders(c: Context, type: string, name: string): void {
  const shown = shownTypes.test(type)
  const charset = type.startsWith('text/') || type === 'application/json' ? '; charset=utf-8' : ''
  c.header('Content-Type', shown ? `${type}${charset}` : 'application/octet-stream')
  c.header('Content-Disposition', disposition(name, shown ? 'inline' : 'attachment'))
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Content-Security-Policy', sandbox)
  c.header('Cross-Origin-Resource-Policy', 'same-origin')
}

/** `filename` is plain ASCII, for every client; `filename*` has the name when that is not. */
function disposition(name: string, type: 'inline' | 'attachment'): string {
  return contentDisposition(name, { type, fallback: name.replace(/[^\x20-\x7e]/g, '_') })
}

/** The range that a request names. Several ranges are answered with the whole file, as RFC 9110 allows. */
function rangeOf(c: Context, size: number, etag: string): ByteRange | 'unsatisfiable' | null {
  const condition = c.req.header('If-Range')
  const asked = /^bytes=(\d*)-(\d*)$/.exec(c.req.header('Range')?.trim() ?? '')
  if (!asked || (condition !== undefined && condition !== etag)) return null
  const [, from = '', to = ''] = asked
  if (from === '' && to === '') return null
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return start > end || start >= size ? 'unsatisfiable' : { start, end }
}
