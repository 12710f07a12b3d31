/** The head of a `data:` URI. */
export interface DataUri {
  /** Media type in lower case, without parameters; null when none is named, or the head is malformed. */
  readonly type: string | null
  /** Whether the content is in base64. Otherwise it is percent-encoded. */
  readonly base64: boolean
  /** Where the content begins, in UTF-16 units. */
  readonly start: number
  /** Of the decoded content, in bytes, about. */
  readonly size: number
}

/** The longest head that is looked at. */
const mostHeadUnits = 1_000

const wellFormed = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w-]+=[^;,\s]*)*(?:;base64)?$/i

/** Reads the head of a `data:` URI; null for any other text. */
export function readDataUri(text: string): DataUri | null {
  if (!/^data:/i.test(text)) return null
  const comma = text.slice(0, mostHeadUnits).indexOf(',')
  if (comma < 0) return null
  const head = text.slice(0, comma)
  const base64 = /;base64$/i.test(head)
  const start = comma + 1
  const units = text.length - start
  return {
    type: wellFormed.exec(head)?.[1]?.toLowerCase() ?? null,
    base64,
    start,
    size: base64 ? Math.floor((units * 3) / 4) : units,
  }
}

/** The decoded content of a `data:` URI. Malformed escapes are left unchanged. */
export function dataUriBytes(uri: string): Uint8Array<ArrayBuffer> {
  const { base64, start } = readDataUri(uri) ?? { base64: false, start: 0 }
  const content = uri.slice(start)
  return base64 ? Buffer.from(content, 'base64') : percentDecoded(Buffer.from(content))
}

/** A `data:` URI that holds a file. */
export function writeDataUri(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString('base64')}`
}

const percent = 0x25

function percentDecoded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const decoded = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    const escaped = byte === percent ? hexPair(bytes, at + 1) : null
    decoded[length++] = escaped ?? byte
    if (escaped !== null) at += 2
  }
  return decoded.slice(0, length)
}

function hexPair(bytes: Uint8Array, at: number): number | null {
  const pair = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0)
  return /^[\da-f]{2}$/i.test(pair) ? Number.parseInt(pair, 16) : null
}
