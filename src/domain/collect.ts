/** A larger body is not joined from its chunks at its end, which takes long, in bytes. */
const maxJoinedBytes = 2 ** 20

/** All bytes of a body. Rejects with the error of `tooLarge` past `most` bytes. */
export async function collectBytes(
  body: AsyncIterable<Uint8Array>,
  most: number,
  tooLarge: () => Error,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let large: ArrayBuffer | null = null
  let size = 0

  function append(chunk: Uint8Array, buffer: ArrayBuffer): void {
    const at = buffer.byteLength
    buffer.resize(at + chunk.byteLength)
    new Uint8Array(buffer, at).set(chunk)
  }

  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > most) throw tooLarge()
    if (size > maxJoinedBytes && large === null) {
      // It grows in place.
      large = new ArrayBuffer(0, { maxByteLength: most })
      for (const one of chunks) append(one, large)
    }
    if (large) append(chunk, large)
    else chunks.push(chunk)
  }
  return large ? Buffer.from(large) : Buffer.concat(chunks)
}
