/** Replicate's names for the events that a webhook can receive. */
export const webhookEvents = ['start', 'output', 'logs', 'completed'] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** A webhook of a prediction. */
export interface Webhook {
  /** Where each event is posted, as the caller gave it. */
  readonly url: string
  /** The events that it receives. */
  readonly events: readonly WebhookEvent[]
}
