/** Replicate's names for the events that a webhook can receive. */
export const webhookEvents = ['start', 'output', 'logs', 'completed'] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** Whom to tell what happens to a prediction. */
export interface Webhook {
  /** Where each event is posted, as the caller gave it. */
  readonly url: string
  /** Of what it is told. */
  readonly events: readonly WebhookEvent[]
}
