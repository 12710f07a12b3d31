/** How many of the first bytes decide the type. */
export const sniffedBytes = 4_100

const unknown = 'application/octet-stream'

/**
 * The media type that the first bytes show, never the one that somebody claimed. Text is told
 * from binary by decoding it; HTML and SVG are named as such so that they can be kept inert.
 */
export async function sniffType(head: Uint8Array): Promise<string> {
  if (isWideText(head)) return 'text/plain'
  // Loaded with the first file.
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(head)
  if (found && found.mime !== 'application/xml') return found.mime
  const text = decoded(head)
  if (text === null) return unknown
  const start = text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .toLowerCase()
  if (
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!doctype svg[^>]*>\s*)?<svg[\s>]/.test(start)
  )
    return 'image/svg+xml'
  if (
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body|script|iframe)\b/.test(
      start,
    )
  )
    return 'text/html'
  return found?.mime ?? (isJson(start, text) ? 'application/json' : 'text/plain')
}

/** Text of two bytes a character begins with a mark, which some take for the start of an MP3 frame. */
function isWideText([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** The text, when every byte but a cut last character is UTF-8 without control characters. */
function decoded(head: Uint8Array): string | null {
  if (head.length === 0) return ''
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
    return /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? null : text
  } catch {
    return null
  }
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
