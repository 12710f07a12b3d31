import { Webhook } from 'standardwebhooks'
import { formatJson, type JsonObject } from '../domain/json/json.ts'
import type { Prediction } from '../domain/prediction/prediction.ts'
import type { Guard, Posted } from '../outbound/guard.ts'
import type { Outcome } from './schedule.ts'

export interface SendOptions {
  readonly guard: Pick<Guard, 'post'>
  /** The prediction as the API returns it. */
  readonly bodyOf: (prediction: Prediction) => JsonObject | Promise<JsonObject>
  /** The secret of a viewer, which signs the webhooks of their predictions. */
  readonly secretOf: (account: string) => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How long a receiver may take to answer, in milliseconds; ten seconds by default. */
  readonly answerMs?: number
}

/** `signers`: the accounts whose secrets sign it; by default, the account that the prediction was made for. */
export type Send = (
  prediction: Prediction,
  id: string,
  url: string,
  signers?: readonly string[],
) => Promise<Outcome>

const usualAnswerMs = 10_000

/** The longest `Retry-After` that is respected. */
const mostAskedMs = 60 * 60_000

/** Signs and sends a prediction once. `id` identifies the message, and is the same for each try. */
export function createSend(options: SendOptions, signal: AbortSignal): Send {
  const { guard, bodyOf, secretOf, now, answerMs = usualAnswerMs } = options
  return async (prediction, id, url, signers = [prediction.account]) => {
    const body = formatJson(await bodyOf(prediction))
    const at = new Date(now())
    const signatures = signers.map((one) => new Webhook(secretOf(one)).sign(id, at, body))
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Sandpit',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    }
    return outcomeOf(await guard.post(url, { headers, body, answerMs }, signal), now())
  }
}

function outcomeOf(posted: Posted, at: number): Outcome {
  if (!posted.answered)
    return posted.reason === 'not allowed'
      ? { kind: 'given up', answer: 'not allowed' }
      : { kind: 'again', answer: silences[posted.reason], afterMs: 0 }
  const { status, retryAfter } = posted
  const answer = String(status)
  if (status < 300) return { kind: 'delivered', answer }
  if (status < 400) return { kind: 'given up', answer: `${answer}, redirected` }
  const isTransient = status >= 500 || status === 408 || status === 429
  if (!isTransient) return { kind: 'given up', answer: `${answer}, refused` }
  return { kind: 'again', answer, afterMs: askedMs(retryAfter, at) }
}

const silences = {
  'timed out': 'timed out',
  refused: 'no connection',
  failed: 'no answer',
  'not found': 'no answer',
  'too large': 'no answer',
} as const

/** Reads `Retry-After`, which is in seconds or a date. */
function askedMs(retryAfter: string | null, at: number): number {
  if (retryAfter === null) return 0
  const asked = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - at
  return Number.isNaN(asked) ? 0 : Math.min(Math.max(asked, 0), mostAskedMs)
}
