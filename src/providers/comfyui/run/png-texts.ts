/**
 * A file without the texts in it that a PNG may carry, in which ComfyUI writes the whole workflow.
 * Other files, and what is no PNG after all, pass as they are. Holds one header in memory at a time.
 */
export async function* withoutPngTexts(
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array()
  /** How many bytes of the current chunk are still to come, and whether they are passed on. */
  let left = 0
  let passes = true
  let state: 'signature' | 'chunks' | 'as is' = 'signature'
  for await (const bytes of content) {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    while (held.length > 0) {
      if (state === 'as is' || left > 0) {
        const part = state === 'as is' ? held : held.subarray(0, left)
        left = Math.max(0, left - part.length)
        held = held.subarray(part.length)
        if (passes || state === 'as is') yield part
      } else if (state === 'signature') {
        if (held.length < signature.length) break
        const isPng = signature.every((byte, at) => held[at] === byte)
        yield held.subarray(0, signature.length)
        held = held.subarray(signature.length)
        state = isPng ? 'chunks' : 'as is'
      } else {
        if (held.length < headerBytes) break
        const view = new DataView(held.buffer, held.byteOffset, held.byteLength)
        passes = !texts.has(Buffer.from(held.subarray(4, headerBytes)).toString('latin1'))
        // Its length and type, its data, and its checksum.
        left = headerBytes + view.getUint32(0) + 4
      }
    }
  }
  if (held.length > 0) yield held
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const headerBytes = 8
const texts: ReadonlySet<string> = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf'])
