/** How many of the first bytes are used to tell the type. */
export const sniffedBytes = 4_100

const unknown = 'application/octet-stream'

/**
 * The media type that the first bytes show. Text is told from binary by decoding it; HTML and SVG are
 * recognized so that they can be served inert.
 */
export async function sniffType(head: Uint8Array): Promise<string> {
  if (isWideText(head)) return 'text/plain'
  // Imported with the first file.
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(head)
  if (found && found.mime !== 'application/xml') return found.mime.split(';', 1)[0] ?? unknown
  if (isTiff(head)) return 'image/tiff'
  const text = decoded(head)
  if (text === null) return unknown
  const start = text.trimStart().toLowerCase()
  const root = withoutProlog(start)
  if (/^(?:<!doctype svg[^>]*>\s*)?<svg[\s>]/.test(root)) return 'image/svg+xml'
  if (/^<(?:!doctype html|html|head|body|script|iframe)\b/.test(root)) return 'text/html'
  return found?.mime ?? (isJson(start, text) ? 'application/json' : 'text/plain')
}

/** UTF-16 begins with a byte-order mark, which can be mistaken for the start of an MP3 frame. */
function isWideText([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** The type of a TIFF is recognized by its directory, which may be past the bytes that are read here. */
function isTiff([first, second, third, fourth]: Uint8Array): boolean {
  return (
    (first === 0x49 && second === 0x49 && third === 42 && fourth === 0) ||
    (first === 0x4d && second === 0x4d && third === 0 && fourth === 42)
  )
}

/** The text, when it is UTF-8 without control characters; the last character may be cut. */
function decoded(head: Uint8Array): string | null {
  if (head.length === 0) return ''
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters tell binary from text
    return /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? null : text
  } catch {
    return null
  }
}

/** A document without its XML declaration and the comments before its first element. */
function withoutProlog(start: string): string {
  let at = 0
  let end = start.startsWith('<?xml') ? start.indexOf('>') + 1 : 0
  while (end > 0 || start.startsWith('<!--', at)) {
    if (end === 0) end = start.indexOf('-->', at + 4) + 3
    // The comment does not end within these bytes.
    if (end < at + 4) return ''
    at = end + start.slice(end).search(/\S|$/)
    end = 0
  }
  return start.slice(at)
}

function isJson(start: string, text: string): boolean {
  if (!/^[[{]/.test(start) || text.length >= sniffedBytes) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
