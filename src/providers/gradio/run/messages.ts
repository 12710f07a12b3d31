import { isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import type { Progress } from '../../../domain/prediction/prediction.ts'

/** What an app says of a run, as its queue sends it. */
export type Message =
  /** It waits: `rank` runs are before it. */
  | { readonly type: 'waits'; readonly rank: number; readonly eta: number | null }
  | { readonly type: 'starts' }
  | { readonly type: 'progressed'; readonly progress: Progress }
  | { readonly type: 'logged'; readonly text: string }
  /** A value of a generator: `data` has all outputs, or what changed of each; `units` is the length of its text. */
  | { readonly type: 'made'; readonly data: readonly Json[]; readonly units: number }
  | { readonly type: 'completed'; readonly data: readonly Json[]; readonly seconds: number | null }
  /** It ended without a value, as a run does that was canceled. */
  | { readonly type: 'emptied' }
  | { readonly type: 'failed'; readonly error: string | null; readonly title: string }
  /** The app does not know the run any longer. */
  | { readonly type: 'lost'; readonly reason: string }

/**
 * A message with the id of its run, which is null for those to all runs of a session. Null when there is nothing to
 * tell: for heartbeats, and for what is no message. `units` is the length of its text.
 */
export function messageIn(
  json: Json | undefined,
  units: number,
): { readonly event: string | null; readonly message: Message } | null {
  if (!isObject(json)) return null
  const message = messageOf(json, units)
  const { event_id: event } = json
  return message && { event: typeof event === 'string' ? event : null, message }
}

function messageOf(json: JsonObject, units: number): Message | null {
  const output = objectIn(json.output)
  switch (json.msg) {
    case 'estimation':
      return { type: 'waits', rank: numberIn(json.rank) ?? 0, eta: numberIn(json.rank_eta) }
    case 'process_starts':
      return { type: 'starts' }
    case 'progress':
      return { type: 'progressed', progress: progressOf(listIn(json.progress_data).map(objectIn)) }
    case 'log':
      return { type: 'logged', text: logLine(json) }
    case 'process_generating':
      if (json.success === false) return failure(json, output)
      return { type: 'made', data: listIn(output.data), units }
    case 'process_completed':
      if (json.success === false) return failure(json, output)
      if (output.data === undefined) return { type: 'emptied' }
      return { type: 'completed', data: listIn(output.data), seconds: numberIn(output.duration) }
    case 'unexpected_error':
    case 'server_stopped':
      return { type: 'lost', reason: textIn(json.message) }
    default:
      return null
  }
}

function failure(json: JsonObject, { error, title }: JsonObject): Message {
  const text = typeof error === 'string' ? error.trim() : ''
  return {
    type: 'failed',
    error: text === '' ? null : text,
    title: textIn(title) || textIn(json.title),
  }
}

const plainTitles: ReadonlySet<string> = new Set(['', 'Info', 'Warning', 'Error', 'Success'])

function logLine({ log, level, title }: JsonObject): string {
  const own = textIn(title)
  const about = plainTitles.has(own) ? '' : `${own}: `
  return `${level === 'warning' ? 'Warning: ' : ''}${about}${textIn(log)}\n`
}

/** Several bars are one within the other, the innermost last: the inner one is a part of the step of the outer. */
function progressOf(bars: readonly JsonObject[]): Progress {
  const few = bars.slice(0, 8)
  const label = few.map(barLabel).filter((text) => text !== '')
  const fraction = few.reduceRight<number | null>((inner, bar) => fractionOf(bar, inner), null)
  return {
    ...(fraction === null ? {} : { fraction: Math.min(1, Math.max(0, fraction)) }),
    ...(label.length > 0 ? { label: label.join(' · ') } : {}),
  }
}

function barLabel({ desc, index, length }: JsonObject): string {
  const counted = numberIn(index) !== null && numberIn(length) !== null ? `${index}/${length}` : ''
  return [textIn(desc).slice(0, 200), counted].filter((text) => text !== '').join(' ')
}

function fractionOf({ progress, index, length }: JsonObject, inner: number | null): number | null {
  const told = numberIn(progress)
  if (told !== null) return told
  const [at, of] = [numberIn(index), numberIn(length)]
  if (at === null || of === null || of <= 0) return inner
  // A bar counts the step that it is at, which the inner bar says how much of is done.
  return inner === null ? at / of : (Math.max(0, at - 1) + inner) / of
}

function numberIn(json: Json | undefined): number | null {
  return typeof json === 'number' && Number.isFinite(json) ? json : null
}
