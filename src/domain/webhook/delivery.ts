import { isSettled, type Prediction } from '../prediction/prediction.ts'
import type { WebhookEvent } from '../prediction/webhook.ts'

/** Events whose delivery is retried. `output` and `logs` are sent once, as the next one includes all of them. */
export type LastingEvent = Extract<WebhookEvent, 'start' | 'completed'>

/**
 * Where a delivery stands. One that is `waiting` has another of its prediction before it, and
 * one that is `pending` a time at which it is tried.
 */
export type DeliveryState = 'waiting' | 'pending' | 'delivered' | 'given up'

/** An event for a prediction's webhook, and the state of its delivery. */
export interface Delivery {
  readonly prediction: string
  readonly event: LastingEvent
  /** Scheme, host and port of its receiver. Deliveries to one receiver are sent one at a time. */
  readonly receiver: string
  readonly state: DeliveryState
  /** How often it was sent. */
  readonly tries: number
  /** When it is tried next, in milliseconds since 1970; null unless it is pending. */
  readonly nextAt: number | null
  /** The result of the last attempt, in few words: `200`, `503`, `timed out`; null before the first. */
  readonly answer: string | null
  /** Milliseconds since 1970, as is the next. */
  readonly createdAt: number
  /** When it was last tried; null before the first try. */
  readonly triedAt: number | null
}

/** The events to send to the webhook of a prediction after a change, in this order. */
export function lastingEvents(previous: Prediction, next: Prediction): readonly LastingEvent[] {
  const { webhook } = next
  if (!webhook) return []
  const began = previous.startedAt === null && next.startedAt !== null
  const ended = !isSettled(previous) && isSettled(next)
  const happened = { start: began, completed: ended }
  return lasting.filter((event) => happened[event] && webhook.events.includes(event))
}

const lasting = ['start', 'completed'] as const

/** Whether it has new output or logs for its webhook. */
export function hasUpdate(previous: Prediction, next: Prediction): boolean {
  const events = next.webhook?.events ?? []
  const made = next.output !== previous.output && next.output !== null
  const said = next.logs !== previous.logs
  return (made && events.includes('output')) || (said && events.includes('logs'))
}

/** The receiver of a webhook; empty for an invalid address. */
export function receiverOf(url: string): string {
  return URL.parse(url)?.origin ?? ''
}

/**
 * A prediction as an event found it: that it began is told of the prediction as it began, however
 * late that is told, so that it is never taken for its end.
 */
export function asOf(event: LastingEvent, prediction: Prediction): Prediction {
  if (event === 'completed') return prediction
  return {
    ...prediction,
    status: 'processing',
    output: null,
    excerpt: null,
    error: null,
    logs: '',
    progress: null,
    metrics: {},
    completedAt: null,
  }
}
