import { isList, type Json } from '../../domain/json/json.ts'
import { jsonReadCost } from '../../domain/json/walk.ts'
import {
  addedTo,
  emptyList,
  listExcerpt,
  mostOutputUnits,
  tailOfList,
} from '../../domain/output/large-output.ts'
import type { Occurrence } from '../../domain/prediction/event.ts'
import { extractInlineFiles } from './inline-files.ts'
import { createJsonSpool, type JsonSpool, type KeepFile } from './json-spool.ts'

export type Emitted = Extract<Occurrence, { type: 'emitted' }>

/** A growing list, which stays in its prediction until it is too large. From then on it is written to a file. */
export function createSpilledList(known: readonly Json[], keep: KeepFile) {
  let items: readonly Json[] = known
  let units = jsonReadCost(known, mostOutputUnits)
  let totals = addedTo(emptyList, known)
  let tail: readonly Json[] = []
  let spool: JsonSpool | null = null

  async function spill(added: readonly Json[]): Promise<void> {
    if (spool) await spool.add(added)
    else {
      spool = createJsonSpool(keep)
      await spool.add(items)
    }
    tail = tailOfList([...tail, ...added])
  }

  return {
    async add(occurrence: Emitted): Promise<readonly Occurrence[]> {
      const { index, chunks } = occurrence
      const count = totals.length
      const fresh = index > count ? [] : chunks.slice(count - index)
      if (fresh.length === 0) return [occurrence]
      const { value, files: extracted } = await extractInlineFiles(fresh, keep)
      const added = isList(value) ? value : []
      const files = [...(occurrence.files ?? []), ...extracted]
      totals = addedTo(totals, added)
      units += jsonReadCost(added, mostOutputUnits)
      if (!spool) items = [...items, ...added]
      if (!spool && units <= mostOutputUnits)
        return [{ type: 'emitted', index: count, chunks: added, files }]
      await spill(added)
      return [{ type: 'spilled', excerpt: listExcerpt(items, tail, totals), files }]
    },
    /** Discards the file: the provider has stored the whole list. */
    async abort(): Promise<void> {
      await spool?.abort()
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
