import { dataUriContent, type InlineFile } from './output-file.ts'

/** The content of a file that an output holds as a `data:` URI. */
export function inlineBytes(file: InlineFile): Uint8Array<ArrayBuffer> {
  const { content, base64 } = dataUriContent(file)
  return base64 ? Buffer.from(content, 'base64') : percentDecoded(Buffer.from(content))
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
