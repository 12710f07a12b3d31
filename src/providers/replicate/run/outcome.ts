import { beginning } from '../../../domain/json/excerpt.ts'
import { formatJson, type Json } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { UpstreamPrediction } from '../responses.ts'

/** Facts that the outcome of a run depends on, besides the service's prediction. */
export interface OutcomeContext {
  readonly service: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly hasOutput: boolean
  /** Whether the model's schema allows an output of null. */
  readonly mayBeNull: boolean
  readonly hasBegun: boolean
}

interface Outcome {
  readonly occurrence: Occurrence
  /** The full error, for the logs; null when the occurrence holds all of it. */
  readonly cause: string | null
  /** Whether the run must have begun, though the service's status does not say so. */
  readonly hasBegun?: boolean
}

/** How a run at the service ended; null while it has not. */
export function outcomeOf(upstream: UpstreamPrediction, context: OutcomeContext): Outcome | null {
  const { service, now } = context
  const { reason, cause } = reasonOf(upstream.error, service)
  switch (upstream.status) {
    case 'starting':
    case 'processing':
      return null
    case 'succeeded':
      return { occurrence: successOf(upstream, context), cause: null }
    case 'failed': {
      const error = reason ?? `It failed at ${service} without an error message.`
      return { occurrence: { type: 'failed', error }, cause }
    }
    case 'canceled':
      if (!isOverdue(upstream, now)) return { occurrence: { type: 'canceled' }, cause: null }
      // The service aborts a run that is overdue before it begins.
      return { occurrence: timedOut(service), cause: null, hasBegun: true }
    case 'aborted':
      return { occurrence: abortedOf(reason, context), cause: null }
  }
}

function successOf(
  { data_removed: isRemoved }: UpstreamPrediction,
  { service, hasOutput, mayBeNull }: OutcomeContext,
): Occurrence {
  if (hasOutput || (mayBeNull && !isRemoved)) return { type: 'succeeded' }
  const error = isRemoved
    ? `${service} deleted the output before it was fetched.`
    : `It ended at ${service} without a result.`
  return { type: 'failed', error }
}

function abortedOf(reason: string | null, { service, hasBegun }: OutcomeContext): Occurrence {
  if (reason !== null) return { type: 'expired', error: reason }
  return hasBegun
    ? timedOut(service)
    : { type: 'expired', error: `${service} ended it before it started.` }
}

function timedOut(service: string): Occurrence {
  return { type: 'expired', error: `${service} ended it because it timed out.` }
}

function isOverdue({ deadline }: UpstreamPrediction, now: number): boolean {
  const at = Date.parse(deadline ?? '')
  return !Number.isNaN(at) && at <= now
}

/** The service's reason as a sentence, and the whole of it when that is more. */
function reasonOf(error: Json | undefined, service: string) {
  if (error === undefined || error === null || error === '') return { reason: null, cause: null }
  if (typeof error !== 'string')
    return { reason: `It failed at ${service}.`, cause: formatJson(error) }
  const text = error.trim()
  return { reason: beginning(text, 1_000), cause: text.length > 1_000 ? text : null }
}
