import { isDeepStrictEqual } from 'node:util'
import type { Occurrence } from '../../domain/prediction/event.ts'
import type { Progress } from '../../domain/prediction/prediction.ts'
import { progressIn } from '../../domain/prediction/tqdm.ts'
import { createRedaction } from './redaction.ts'

/** Prepares the occurrences of one run for the journal. */
export interface OccurrenceFilter {
  /** The occurrence without secrets, followed by the progress that its logs report. */
  push(occurrence: Occurrence): readonly Occurrence[]
  /** The logs that were held back. */
  end(): readonly Occurrence[]
}

/**
 * Removes the secrets of a run from its logs, its error and its progress, where a model prints them by
 * accident. The output stays as the model made it.
 */
export function createOccurrenceFilter(secrets: readonly string[]): OccurrenceFilter {
  let redaction = createRedaction(secrets)
  const progressIn = createLogProgress()
  let reportsItself = false
  // The length of the logs as received, and as passed on.
  let received = 0
  let passed = 0

  const plain = (text: string) => redaction?.whole(text) ?? text

  function withProgress(occurrence: Occurrence, fresh: string): readonly Occurrence[] {
    const progress = reportsItself ? null : progressIn(fresh)
    return progress === null ? [occurrence] : [occurrence, { type: 'progressed', progress }]
  }

  function logged(offset: number, text: string): readonly Occurrence[] {
    // The lifecycle ignores logs after a gap.
    if (offset > received) return [{ type: 'logged', offset, text: plain(text) }]
    const fresh = text.slice(received - offset)
    if (fresh === '') return []
    received += fresh.length
    const shown = redaction?.push(fresh) ?? fresh
    const at = passed
    passed += shown.length
    return shown === '' ? [] : withProgress({ type: 'logged', offset: at, text: shown }, shown)
  }

  /** The last snapshot is complete: it is not held back, and it may be shorter than the one before. */
  function observed(occurrence: Extract<Occurrence, { type: 'observed' }>): readonly Occurrence[] {
    if (occurrence.logs.length < received && !occurrence.last) return []
    redaction = createRedaction(secrets)
    const seen = redaction?.push(occurrence.logs) ?? occurrence.logs
    const logs = occurrence.last ? plain(occurrence.logs) : seen
    if (occurrence.last) redaction?.end()
    const fresh = logs.slice(passed)
    received = occurrence.logs.length
    passed = logs.length
    return withProgress({ ...occurrence, logs }, fresh)
  }

  function end(): readonly Occurrence[] {
    const text = redaction?.end() ?? ''
    const offset = passed
    passed += text.length
    return text === '' ? [] : [{ type: 'logged', offset, text }]
  }

  return {
    end,
    push(occurrence) {
      switch (occurrence.type) {
        case 'logged':
          return logged(occurrence.offset, occurrence.text)
        case 'observed':
          return observed(occurrence)
        case 'progressed': {
          reportsItself = true
          const { label, ...progress } = occurrence.progress
          const shown = label === undefined ? progress : { ...progress, label: plain(label) }
          return [{ type: 'progressed', progress: shown }]
        }
        case 'failed':
        case 'expired':
        case 'overdue':
          return [...end(), { ...occurrence, error: plain(occurrence.error) }]
        case 'succeeded':
        case 'canceled':
        case 'interrupted':
          return [...end(), occurrence]
        default:
          return [occurrence]
      }
    },
  }
}

/** How much of an incomplete line is kept, in UTF-16 units. A progress bar is shorter. */
const mostKept = 1_000

/** Reads progress from logs, chunk by chunk; null when it has not changed. */
export function createLogProgress(): (text: string) => Progress | null {
  let line = ''
  let last: Progress | null = null
  return (text) => {
    const seen = line + text
    line = seen.slice(Math.max(lastBreak(seen) + 1, seen.length - mostKept))
    const found = progressIn(seen)
    // A finished loop does not show how much of the run is left.
    const next = found?.fraction === 1 ? {} : found
    if (next === null || isDeepStrictEqual(next, last)) return null
    last = next
    return next
  }
}

function lastBreak(text: string): number {
  return Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
}
