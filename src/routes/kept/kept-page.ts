import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import { checksumShift, joinedChecksum } from './crc32.ts'

export type PageEncoding = 'gzip' | 'identity'

/** A page that many requests get: the same bytes for all of them, but for the key of its form. */
export interface KeptPage {
  readonly encoding: PageEncoding
  /** In bytes. */
  readonly size: number
  /** The bytes with this key, which is as long as the mark was, in ASCII. */
  readonly bytes: (key: string) => Uint8Array<ArrayBuffer>
}

/** A kept page for one request. */
export interface EncodedPage {
  readonly encoding: PageEncoding
  readonly bytes: Uint8Array<ArrayBuffer>
}

type Bytes = Buffer<ArrayBuffer>

/** Encodes a page for many requests. Their keys take the places of `mark`. */
export async function keepPage(
  html: string,
  mark: string,
  encoding: PageEncoding,
): Promise<KeptPage> {
  const texts = html.split(mark).map((text) => Buffer.from(text))
  if (encoding === 'gzip') return gzipped(texts, mark.length)
  const { bytes, gaps } = joined(texts, mark.length)
  return { encoding, size: bytes.length, bytes: (key) => filled(bytes, gaps, key) }
}

/** No name, no time; from a system of which nothing is said. */
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
const trailerBytes = 8

/**
 * One gzip member. A text between two keys is deflated once; a key is a stored block, so the length of
 * what is sent says nothing about it, whatever else is on the page. Its checksum is joined from theirs.
 */
async function gzipped(texts: readonly Bytes[], gap: number): Promise<KeptPage> {
  const deflated = await deflatedAround(texts, gap)
  const trailer = Buffer.alloc(trailerBytes)
  const { bytes, gaps } = joined(deflated, gap, gzipHead, trailer)
  bytes.writeUInt32LE(joined(texts, gap).bytes.length, bytes.length - 4)
  const checksumAt = bytes.length - trailerBytes
  const [first = 0, ...others] = texts.map((text) => crc32(text))
  const shifts = texts.slice(1).map(({ length }) => checksumShift(length))
  bytes.writeUInt32LE(first, checksumAt)
  return {
    encoding: 'gzip',
    size: bytes.length,
    bytes(key) {
      const own = filled(bytes, gaps, key)
      const checksum = others.reduce(
        (before, text, at) => joinedChecksum(crc32(key, before), text, shifts[at] ?? 0),
        first,
      )
      if (gaps.length > 0) own.writeUInt32LE(checksum, checksumAt)
      return own
    },
  }
}

const deflate = promisify(deflateRaw)
/** How far back a deflated text can refer. */
const windowBytes = 32 * 1024
/** Not part of any UTF-8 text, so that no text refers to a key before it. */
const unseen = 0xff

/** The deflated texts, each but the last with the head of the stored block that follows it. */
async function deflatedAround(texts: readonly Bytes[], gap: number): Promise<Bytes[]> {
  const storedHead = Buffer.from([0, gap & 0xff, gap >> 8, ~gap & 0xff, (~gap >> 8) & 0xff])
  let before = Buffer.alloc(0)
  const all: Bytes[] = []
  for (const [at, text] of texts.entries()) {
    const isLast = at === texts.length - 1
    const deflated = await deflate(text, {
      finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
      ...(before.length > 0 ? { dictionary: before } : {}),
    })
    all.push(isLast ? deflated : Buffer.concat([deflated, storedHead]))
    before = Buffer.concat([before, text, Buffer.alloc(gap, unseen)]).subarray(-windowBytes)
  }
  return all
}

/** The texts with gaps between them, and where those begin. */
function joined(texts: readonly Bytes[], gap: number, head?: Bytes, tail?: Bytes) {
  const gaps: number[] = []
  const parts = head ? [head] : []
  let length = head?.length ?? 0
  for (const [at, text] of texts.entries()) {
    if (at > 0) {
      gaps.push(length)
      parts.push(Buffer.alloc(gap))
      length += gap
    }
    parts.push(text)
    length += text.length
  }
  return { bytes: keepable(tail ? [...parts, tail] : parts), gaps }
}

/**
 * The parts after each other, in memory of their own. `Buffer.concat` takes small ones from a pool of
 * 64 KB, all of which stays for as long as any part of it is kept.
 */
function keepable(parts: readonly Bytes[]): Bytes {
  const whole = Buffer.allocUnsafeSlow(parts.reduce((size, { length }) => size + length, 0))
  let at = 0
  for (const part of parts) at += part.copy(whole, at)
  return whole
}

/** A copy of the bytes with a key in their gaps; the bytes themselves when there are none. */
function filled(bytes: Bytes, gaps: readonly number[], key: string): Bytes {
  if (gaps.length === 0) return bytes
  const own = Buffer.from(bytes)
  for (const gap of gaps) own.write(key, gap, 'latin1')
  return own
}
