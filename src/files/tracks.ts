/** Reads bytes of a file; fewer at its end. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array>

/** The most parts of a file that are read. */
const mostParts = 200

/** The most bytes that are read of a list of tracks. */
const mostHead = 64 * 1024

/**
 * The type of a file in a video format: `audio/…` when it contains only sound. Reads the headers of
 * its parts, a bounded number of them, anywhere in the file.
 */
export async function typeByTracks(type: string, readAt: ReadAt): Promise<string> {
  if (type === 'video/mp4') return (await isSoundInMp4(readAt)) ? 'audio/mp4' : type
  if (type === 'video/webm') return (await isSoundInWebm(readAt)) ? 'audio/webm' : type
  if (type === 'video/matroska' || type === 'video/x-matroska')
    return (await isSoundInWebm(readAt)) ? 'audio/x-matroska' : type
  return type
}

interface Box {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** In an MP4, the handler of each track tells its kind. */
async function isSoundInMp4(readAt: ReadAt): Promise<boolean> {
  const look = { left: mostParts }
  const kinds: string[] = []
  for await (const movie of boxes(readAt, 0, Number.POSITIVE_INFINITY, look)) {
    if (movie.kind !== 'moov') continue
    for await (const track of boxes(readAt, movie.start, movie.end, look)) {
      if (track.kind !== 'trak') continue
      for await (const media of boxes(readAt, track.start, track.end, look)) {
        if (media.kind !== 'mdia') continue
        for await (const handler of boxes(readAt, media.start, media.end, look))
          if (handler.kind === 'hdlr') kinds.push(ascii(await readAt(handler.start + 8, 4)))
      }
    }
    break
  }
  return kinds.includes('soun') && !kinds.includes('vide') && look.left > 0
}

async function* boxes(
  readAt: ReadAt,
  start: number,
  end: number,
  look: { left: number },
): AsyncGenerator<Box> {
  for (let at = start; at + 8 <= end && look.left-- > 0; ) {
    const head = viewOf(await readAt(at, 16))
    if (head.byteLength < 8) return
    const short = head.getUint32(0)
    const isLong = short === 1 && head.byteLength >= 16
    const size = isLong ? Number(head.getBigUint64(8)) : short
    const kind = String.fromCharCode(...[4, 5, 6, 7].map((index) => head.getUint8(index)))
    const length = isLong ? 16 : 8
    // A size of 0 means: to the end of the file.
    const next = size === 0 ? end : at + size
    if (next < at + length) return
    yield { kind, start: at + length, end: Math.min(next, end) }
    at = next
  }
}

const segmentId = 0x18538067
const tracksId = 0x1654ae6b
const trackEntryId = 0xae
const trackTypeId = 0x83
const clusterId = 0x1f43b675
const video = 1
const sound = 2

/** In WebM and Matroska, the list of tracks precedes the clusters. */
async function isSoundInWebm(readAt: ReadAt): Promise<boolean> {
  const header = element(await readAt(0, 16), 0)
  if (!header) return false
  const segmentAt = header.start + header.size
  const segment = element(await readAt(segmentAt, 16), 0)
  if (segment?.id !== segmentId) return false
  let at = segmentAt + segment.start
  for (let parts = 0; parts < mostParts; parts++) {
    const part = element(await readAt(at, 16), 0)
    if (!part || part.id === clusterId) return false
    if (part.id === tracksId) {
      const kinds = trackTypes(await readAt(at + part.start, Math.min(part.size, mostHead)))
      return kinds.includes(sound) && !kinds.includes(video)
    }
    at += part.start + part.size
  }
  return false
}

function trackTypes(tracks: Uint8Array): number[] {
  return elementsIn(tracks, 0, tracks.length)
    .filter(({ id }) => id === trackEntryId)
    .flatMap(({ start, end }) => elementsIn(tracks, start, end))
    .filter(({ id }) => id === trackTypeId)
    .map(({ start }) => tracks[start] ?? 0)
}

function elementsIn(bytes: Uint8Array, from: number, to: number) {
  const found: { readonly id: number; readonly start: number; readonly end: number }[] = []
  for (let at = from; at < to && found.length < mostParts; ) {
    const one = element(bytes, at)
    if (!one) break
    found.push({ id: one.id, start: one.start, end: Math.min(one.start + one.size, to) })
    at = one.start + one.size
  }
  return found
}

/** An EBML element: its id, and the start and the size of its content. */
function element(bytes: Uint8Array, at: number) {
  const id = variable(bytes, at, false)
  const size = id && variable(bytes, at + id.length, true)
  if (!id || !size) return null
  return { id: id.value, start: at + id.length + size.length, size: size.value }
}

/** An EBML number. Its first bits tell how many bytes it has. */
function variable(bytes: Uint8Array, at: number, withoutMark: boolean) {
  const first = bytes[at] ?? 0
  const length = Math.clz32(first) - 23
  if (first === 0 || at + length > bytes.length) return null
  let value = withoutMark ? first & (0xff >> length) : first
  for (let index = 1; index < length; index++) value = value * 256 + (bytes[at + index] ?? 0)
  return { value, length }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
