import type { Occurrence } from '../domain/prediction/prediction.ts'
import { createLogProgress } from './log-progress.ts'
import { createRedaction } from './redaction.ts'

/** What a provider says of one run, made fit to be kept. */
export interface OccurrenceFilter {
  /** The same without secrets, and with the progress that its logs tell of. */
  hear(occurrence: Occurrence): readonly Occurrence[]
  /** What was held back, as no more comes. */
  rest(): readonly Occurrence[]
}

/**
 * Secrets that a run was given and prints by accident are taken out of its logs, its error and its
 * progress. Its output is what was asked for, and stays as the model made it.
 */
export function createOccurrenceFilter(secrets: readonly string[]): OccurrenceFilter {
  let redaction = createRedaction(secrets)
  const progressIn = createLogProgress()
  let reportsItself = false
  // How far the logs go: as they were heard, and as they were told.
  let heard = 0
  let told = 0

  const plain = (text: string) => redaction?.whole(text) ?? text

  function withProgress(occurrence: Occurrence, fresh: string): readonly Occurrence[] {
    const progress = reportsItself ? null : progressIn(fresh)
    return progress === null ? [occurrence] : [occurrence, { type: 'progressed', progress }]
  }

  function logged(offset: number, text: string): readonly Occurrence[] {
    // After a gap, the lifecycle decides.
    if (offset > heard) return [{ type: 'logged', offset, text: plain(text) }]
    const fresh = text.slice(heard - offset)
    if (fresh === '') return []
    heard += fresh.length
    const shown = redaction?.push(fresh) ?? fresh
    const at = told
    told += shown.length
    return shown === '' ? [] : withProgress({ type: 'logged', offset: at, text: shown }, shown)
  }

  /** The last snapshot is whole: nothing of it is held back, and it may be shorter. */
  function observed(occurrence: Extract<Occurrence, { type: 'observed' }>): readonly Occurrence[] {
    if (occurrence.logs.length < heard && !occurrence.last) return []
    redaction = createRedaction(secrets)
    const seen = redaction?.push(occurrence.logs) ?? occurrence.logs
    const logs = occurrence.last ? plain(occurrence.logs) : seen
    if (occurrence.last) redaction?.rest()
    const fresh = logs.slice(told)
    heard = occurrence.logs.length
    told = logs.length
    return withProgress({ ...occurrence, logs }, fresh)
  }

  function rest(): readonly Occurrence[] {
    const text = redaction?.rest() ?? ''
    const offset = told
    told += text.length
    return text === '' ? [] : [{ type: 'logged', offset, text }]
  }

  return {
    rest,
    hear(occurrence) {
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
          return [...rest(), { ...occurrence, error: plain(occurrence.error) }]
        case 'succeeded':
        case 'canceled':
        case 'interrupted':
          return [...rest(), occurrence]
        default:
          return [occurrence]
      }
    },
  }
}
