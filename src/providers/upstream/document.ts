import type { Json } from '../../domain/json/json.ts'
import { jsonReadCost } from '../../domain/json/walk.ts'
import { createSemaphore } from '../../semaphore.ts'
import { jsonOf, jsonOfText } from '../parse-response.ts'
import { maxInlineBytes, runWorker } from '../worker.ts'
import { type Selection, selected } from './selection.ts'

/** The most of a document that is read, in UTF-16 units of JSON: the event loop is held for each. */
const mostUnits = 2 ** 20

/** At once, for all upstreams together: each takes several times the memory of its document. */
const workers = createSemaphore(2)

/** The work of a worker. */
export interface DocumentWork {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly selection: Selection
}

/** `large`: more is selected than is read. */
export type ReadDocument =
  | { readonly kind: 'read'; readonly json: Json | undefined }
  | { readonly kind: 'large' }

/**
 * The selected parts of a JSON document; `json` is undefined for what is no JSON. A worker reads a large one
 * off the event loop, after which its bytes cannot be used.
 */
export async function readDocument(work: DocumentWork): Promise<ReadDocument> {
  if (work.bytes.length <= maxInlineBytes) return documentIn(work)
  return workers.run(() => runWorker<ReadDocument>('providers/upstream/document-worker', work))
}

/** The same for all of a text. */
export async function readJson(text: string): Promise<ReadDocument> {
  if (text.length <= maxInlineBytes) return { kind: 'read', json: jsonOfText(text) }
  return readDocument({ bytes: new TextEncoder().encode(text), selection: 'all' })
}

export function documentIn({ bytes, selection }: DocumentWork): ReadDocument {
  const whole = jsonOf(bytes)
  const json = whole === undefined ? undefined : selected(whole, selection)
  const isLarge = json !== undefined && jsonReadCost(json, mostUnits) > mostUnits
  return isLarge ? { kind: 'large' } : { kind: 'read', json }
}
