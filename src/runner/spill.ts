import { fileUri, type StoredFile } from '../domain/file/file.ts'
import { isList, isObject, type Json } from '../domain/json/json.ts'
import { unitsOf, weightOf } from '../domain/json/size.ts'
import { inlineBytes } from '../domain/output/inline-file.ts'
import {
  addedTo,
  type Excerpt,
  emptyList,
  excerptOf,
  gathered,
  isLarge,
  listExcerpt,
  mostOutputUnits,
  piecesOfItems,
  piecesOfJson,
  piecesOfText,
  tailOfList,
} from '../domain/output/large-output.ts'
import { filesIn } from '../domain/output/output-file.ts'
import type { Occurrence, Prediction } from '../domain/prediction/prediction.ts'

type Keep = (content: AsyncIterable<Uint8Array>, name: string) => Promise<StoredFile>

type Emitted = Extract<Occurrence, { type: 'emitted' }>

export type Spill = ReturnType<typeof createSpill>

/**
 * Keeps what a run makes as a file, from the moment that it is more than belongs with a prediction:
 * what comes is written as it comes, and the lifecycle hears of its beginning and its end.
 */
export function createSpill(prediction: Prediction, keep: Keep) {
  const { iterates } = prediction
  const known = prediction.excerpt === null && isList(prediction.output) ? prediction.output : []
  const list = iterates ? createGrowingList(known, keep) : null
  let shown: Json = prediction.output

  async function one(occurrence: Emitted): Promise<readonly Occurrence[]> {
    const chunk = occurrence.chunks.at(-1) ?? null
    if (!isLarge(chunk)) return [occurrence]
    const { value, files } = await withoutData(chunk, keep)
    const more = [...(occurrence.files ?? []), ...files]
    if (!isLarge(value)) return [{ ...occurrence, chunks: [value], files: more }]
    const { file, excerpt } = await keepWhole(value, keep)
    return [{ type: 'spilled', excerpt, files: [...more, file] }]
  }

  /** Only the last of the snapshots is kept as a file: each is all there is. */
  async function observed(
    occurrence: Extract<Occurrence, { type: 'observed' }>,
  ): Promise<readonly Occurrence[]> {
    if (!isLarge(occurrence.output)) {
      shown = occurrence.output
      return [occurrence]
    }
    if (!occurrence.last) return [{ ...occurrence, output: shown }]
    const { file, excerpt } = await keepWhole(occurrence.output, keep)
    const files = [...(occurrence.files ?? []), file]
    return [
      { ...occurrence, output: shown, files: occurrence.files ?? [] },
      { type: 'spilled', excerpt, files },
    ]
  }

  return {
    async hear(occurrence: Occurrence): Promise<readonly Occurrence[]> {
      switch (occurrence.type) {
        case 'emitted':
          return list ? list.add(occurrence) : one(occurrence)
        case 'observed':
          return observed(occurrence)
        case 'spilled':
          await list?.drop()
          return [occurrence]
        case 'succeeded':
        case 'failed':
        case 'canceled':
        case 'expired':
          return [...((await list?.end()) ?? []), occurrence]
        default:
          return [occurrence]
      }
    },
    /** What is still to be told, as no more comes. */
    end: async (): Promise<readonly Occurrence[]> => (await list?.end()) ?? [],
  }
}

/** A list that is a part of its prediction until it is too large for that. */
function createGrowingList(known: readonly Json[], keep: Keep) {
  let items: readonly Json[] = known
  let units = weightOf(known, mostOutputUnits)
  let totals = addedTo(emptyList, known)
  let tail: readonly Json[] = []
  let spool: ReturnType<typeof createSpool> | null = null

  return {
    async add(occurrence: Emitted): Promise<readonly Occurrence[]> {
      const { index, chunks } = occurrence
      const count = totals.length
      const fresh = index > count ? [] : chunks.slice(count - index)
      if (fresh.length === 0) return [occurrence]
      const { value, files: more } = await withoutData(fresh, keep)
      const added = isList(value) ? value : []
      const files = [...(occurrence.files ?? []), ...more]
      totals = addedTo(totals, added)
      units += weightOf(added, mostOutputUnits)
      if (!spool) {
        items = [...items, ...added]
        if (units <= mostOutputUnits)
          return [{ type: 'emitted', index: count, chunks: added, files }]
      }
      if (spool) await spool.add(added)
      else {
        spool = createSpool(keep)
        await spool.add(items)
      }
      tail = tailOfList([...tail, ...added])
      return [{ type: 'spilled', excerpt: listExcerpt(items, tail, totals), files }]
    },
    /** All of it is elsewhere. */
    async drop(): Promise<void> {
      await spool?.drop()
      spool = null
    },
    async end(): Promise<readonly Occurrence[]> {
      if (!spool) return []
      const writing = spool
      spool = null
      const file = await writing.end()
      const excerpt = { ...listExcerpt(items, tail, totals), ref: file.ref }
      return [{ type: 'spilled', excerpt, files: [file] }]
    },
  }
}

/** A file that is written as its content comes. */
function createSpool(keep: Keep) {
  const stream = new TransformStream<Uint8Array, Uint8Array>()
  const writer = stream.writable.getWriter()
  const kept = keep(stream.readable, 'output.json')
  kept.catch(() => {})
  const encoder = new TextEncoder()

  async function send(text: string): Promise<void> {
    // When it cannot be kept, it is that which is wrong, and not that nobody reads.
    await writer.write(encoder.encode(text)).catch(async (error) => {
      await kept
      throw error
    })
  }

  let isFirst = true
  return {
    /** Writes items of the list; resolves when there is room for more. */
    async add(items: readonly Json[]): Promise<void> {
      if (isFirst) await send('[')
      for (const piece of gathered(piecesOfItems(items, isFirst))) await send(piece)
      isFirst = false
    },
    async drop(): Promise<void> {
      await writer.abort().catch(() => {})
    },
    async end(): Promise<StoredFile> {
      await send('\n]\n')
      await writer.close()
      return kept
    },
  }
}

/** How many items are looked at in one go. */
const stride = 500

async function keepList(items: readonly Json[], keep: Keep) {
  const spool = createSpool(keep)
  let totals = emptyList
  for (let at = 0; at < items.length; at += stride) {
    const some = items.slice(at, at + stride)
    totals = addedTo(totals, some)
    await spool.add(some)
  }
  const file = await spool.end()
  const excerpt = listExcerpt(items.slice(0, stride), [], totals)
  return { file, excerpt: { ...excerpt, ref: file.ref } satisfies Excerpt }
}

async function keepWhole(value: Json, keep: Keep) {
  if (isList(value)) return keepList(value, keep)
  const excerpt = excerptOf(value)
  const isText = excerpt.form === 'text' && typeof value === 'string'
  const pieces = isText ? piecesOfText(value) : piecesOfJson(value)
  const file = await keep(encoded(pieces), isText ? 'output.txt' : 'output.json')
  return { file, excerpt: { ...excerpt, ref: file.ref } satisfies Excerpt }
}

async function* encoded(pieces: Iterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const piece of gathered(pieces)) yield encoder.encode(piece)
}

/** Files that an output holds as `data:` URIs are files: what is left of it may be small. */
async function withoutData(value: Json, keep: Keep) {
  if (!isWorthLooking(value)) return { value, files: [] }
  const kept = new Map<string, StoredFile>()
  for (const file of filesIn(value, []))
    if ('uri' in file) kept.set(file.uri, await keep(oneChunk(inlineBytes(file)), file.name))
  const uris = new Map([...kept].map(([uri, file]) => [uri, fileUri(file)]))
  return { value: kept.size === 0 ? value : replaced(value, uris), files: [...kept.values()] }
}

const longUnits = 64 * 1024
const mostLookedAt = 20_000

/** Whether a value is long and has few parts: a file takes more than a row of a table does. */
function isWorthLooking(value: Json): boolean {
  if (unitsOf(value, longUnits) <= longUnits) return false
  const rest: Json[] = [value]
  for (let looked = 0; rest.length > 0; looked++) {
    if (looked + rest.length > mostLookedAt) return false
    const next = rest.pop()
    if (isList(next) ? next.length > mostLookedAt : false) return false
    if (isList(next)) rest.push(...next)
    else if (isObject(next)) rest.push(...Object.values(next))
  }
  return true
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function replaced(value: Json, by: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return by.get(value) ?? value
  if (isList(value)) return value.map((item) => replaced(item, by))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaced(item, by)] as const),
  )
}
