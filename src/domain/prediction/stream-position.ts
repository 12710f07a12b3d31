import type { StoredFile } from '../file/file.ts'
import { formatJson } from '../json/format.ts'
import { isList, type Json } from '../json/json.ts'
import { halfAtEnd, withoutHalf } from '../json/whole-text.ts'
import { fileFinder } from '../output/output-file.ts'
import { hasAllOutput } from './api-status.ts'
import type { Prediction } from './prediction.ts'
import { isSettled } from './status.ts'

/** How far a stream of events has come: what was made after it is still to be sent. */
export interface StreamPosition {
  /** Of the prediction: another attempt begins anew. */
  readonly attempt: number
  /** Items of the output. */
  readonly items: number
  /** UTF-16 units of the logs. */
  readonly logs: number
}

/** Something that was made, and how far the stream is once it is sent. */
export interface StreamedEvent {
  readonly event: 'output' | 'logs'
  readonly data: string
  readonly position: StreamPosition
}

export const streamStart: StreamPosition = { attempt: 1, items: 0, logs: 0 }

/** As the id of an event, from which a client that was cut off goes on. */
export function formatPosition({ attempt, items, logs }: StreamPosition): string {
  return `${attempt}:${items}:${logs}`
}

/** The beginning, for an id that is none of ours. */
export function parsePosition(id: string | undefined): StreamPosition {
  const [found, attempt, items, logs] = /^(\d{1,9}):(\d{1,9}):(\d{1,9})$/.exec(id ?? '') ?? []
  if (found === undefined) return streamStart
  return { attempt: Number(attempt), items: Number(items), logs: Number(logs) }
}

/**
 * What a prediction has made since a position. `address` is where a file can be had. While more may
 * come, half a character at the end of a text waits for its other half.
 */
export function eventsSince(
  prediction: Prediction,
  from: StreamPosition,
  address: (file: StoredFile) => string,
): StreamedEvent[] {
  const { attempt, logs } = prediction
  let position = from.attempt === attempt ? from : { ...streamStart, attempt }
  const events: StreamedEvent[] = []
  const ended = isSettled(prediction)
  const told = ended ? logs : withoutHalf(logs)
  if (told.length > position.logs) {
    const data = told.slice(position.logs)
    position = { ...position, logs: told.length }
    events.push({ event: 'logs', data, position })
  }
  const fileOf = fileFinder(prediction.output, prediction.files)
  const textOf = (item: Json) => {
    const file = fileOf(item)
    if (file && 'ref' in file) return address(file)
    return typeof item === 'string' ? item : formatJson(item)
  }
  const { items, before, from: first } = itemsAfter(prediction, position.items)
  position = { ...position, items: first }
  let half = before === undefined ? '' : halfAtEnd(textOf(before))
  for (const [at, item] of items.entries()) {
    position = { ...position, items: position.items + 1 }
    const text = half + textOf(item)
    const isLast = ended && at === items.length - 1
    half = isLast ? '' : halfAtEnd(text)
    const data = isLast ? text : withoutHalf(text)
    // Half a character alone is told with the other half.
    if (data !== '' || text === '') events.push({ event: 'output', data, position })
  }
  return events
}

interface ItemsAfter {
  readonly items: readonly Json[]
  /** The one before them, if it is at hand. */
  readonly before?: Json | undefined
  readonly from: number
}

/**
 * What a stream is to be told from an item on. Of an output that is too large to be kept with its
 * prediction the last items are at hand, and the first until it has ended. Whoever has missed others
 * is told in the end where the whole is.
 */
function itemsAfter(prediction: Prediction, from: number): ItemsAfter {
  const { output, excerpt, iterates } = prediction
  if (!excerpt || !iterates) {
    const items = itemsOf(prediction)
    return { items: items.slice(from), before: lastBefore(items, from), from }
  }
  const { tail, length, ref } = excerpt
  const first = ref === null && isList(output) ? output : []
  if (from < first.length)
    return { items: first.slice(from), before: lastBefore(first, from), from }
  const missed = from - (length - tail.length)
  if (missed >= 0) return { items: tail.slice(missed), before: lastBefore(tail, missed), from }
  return ref === null ? { items: [], from } : { items: itemsOf(prediction), from: length - 1 }
}

/** The last item before a place that says something: half a character may have been left of it. */
function lastBefore(items: readonly Json[], from: number): Json | undefined {
  let at = from - 1
  while (items[at] === '') at--
  return items[at]
}

/** Values of an output that are there for good: one that may still be replaced is not sent. */
function itemsOf(prediction: Prediction): readonly Json[] {
  const { output, iterates } = prediction
  if (output === null) return []
  if (iterates) return isList(output) ? output : []
  if (!hasAllOutput(prediction)) return []
  // Several files come one by one, as they would from a model that makes them so.
  const fileOf = fileFinder(output, prediction.files)
  const isFiles = isList(output) && output.every((item) => fileOf(item) !== null)
  return isFiles && isList(output) ? output : [output]
}
