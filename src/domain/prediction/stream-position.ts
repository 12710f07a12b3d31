import type { StoredFile } from '../file/file.ts'
import { halfAtEnd, withoutHalf } from '../json/excerpt.ts'
import { formatJson, isList, type Json } from '../json/json.ts'
import { fileFinder } from '../output/output-file.ts'
import { hasAllOutput } from './api-status.ts'
import { isSettled, type Prediction } from './prediction.ts'

/** How much of a prediction was sent in a stream of events. */
export interface StreamPosition {
  /** Of the prediction: another attempt begins anew. */
  readonly attempt: number
  /** Items of the output. */
  readonly items: number
  /** UTF-16 units of the logs. */
  readonly logs: number
}

/** A new part of the output or the logs, and the position of the stream after it. */
export interface StreamedEvent {
  readonly event: 'output' | 'logs'
  readonly data: string
  readonly position: StreamPosition
}

export const streamStart: StreamPosition = { attempt: 1, items: 0, logs: 0 }

/** The position as an event id, with which a disconnected client resumes. */
export function formatPosition({ attempt, items, logs }: StreamPosition): string {
  return `${attempt}:${items}:${logs}`
}

/** Parses an event id; any other text is the start of the stream. */
export function parsePosition(id: string | undefined): StreamPosition {
  const [found, attempt, items, logs] = /^(\d{1,9}):(\d{1,9}):(\d{1,9})$/.exec(id ?? '') ?? []
  if (found === undefined) return streamStart
  return { attempt: Number(attempt), items: Number(items), logs: Number(logs) }
}

/**
 * The events after a position. `address` gives the URL of a file. While more may come, a high
 * surrogate at the end of a text waits for the low one.
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
    // A high surrogate alone is sent with the low one.
    if (data !== '' || text === '') events.push({ event: 'output', data, position })
  }
  return events
}

interface ItemsAfter {
  readonly items: readonly Json[]
  /** The item before them, if it is in memory. */
  readonly before?: Json | undefined
  readonly from: number
}

/**
 * The items of a stream from one on. Of an output that is a file only the last items are in memory,
 * and the first until it is written. A client that has missed others gets the address of the file
 * in the end.
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

/** The last item before an index that is not empty: its high surrogate may not have been sent. */
function lastBefore(items: readonly Json[], from: number): Json | undefined {
  let at = from - 1
  while (items[at] === '') at--
  return items[at]
}

/** The final values of an output. A value that may still be replaced is not sent. */
function itemsOf(prediction: Prediction): readonly Json[] {
  const { output, iterates } = prediction
  if (output === null) return []
  if (iterates) return isList(output) ? output : []
  if (!hasAllOutput(prediction)) return []
  // Several files are sent one by one, as those of an iterator are.
  const fileOf = fileFinder(output, prediction.files)
  const isFiles = isList(output) && output.every((item) => fileOf(item) !== null)
  return isFiles && isList(output) ? output : [output]
}
