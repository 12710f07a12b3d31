import type { Prediction } from '../domain/prediction/prediction.ts'
import { asOf, type Delivery, lastingEvents, receiverOf } from '../domain/webhook/delivery.ts'
import { createNews } from './news.ts'
import { createReceivers } from './receivers.ts'
import { afterTry, type Outcome } from './schedule.ts'
import { createSend, type SendOptions } from './send.ts'
import { type SetTimer, setTimer as setProcessTimer } from './timer.ts'
import { testPrediction, testSentence } from './trial.ts'

/** Where deliveries are kept; the store, and what is said of these there. */
export interface DeliveryStore {
  deliveriesOf(prediction: string): Promise<readonly Delivery[]>
  pendingDeliveries(receiver: string, limit: number): Promise<readonly Delivery[]>
  receivers(): Promise<readonly string[]>
  keepTry(tried: Delivery): Promise<void>
}

export interface WebhooksOptions extends SendOptions {
  readonly deliveries: DeliveryStore
  /** A prediction as saved; null when there is none. */
  readonly find: (id: string) => Promise<Prediction | null>
  /** From 0 to 1, never the same. */
  readonly chance: () => number
  /** Timers of the process when left out. */
  readonly setTimer?: SetTimer
  readonly log: {
    info(details: object, message: string): void
    error(details: object, message: string): void
  }
}

export type Webhooks = ReturnType<typeof createWebhooks>

/**
 * Tells webhooks what happens to predictions. That one began and that it is over is told until it
 * has arrived or its schedule is through; of output and logs, the newest is told once.
 */
export function createWebhooks(options: WebhooksOptions) {
  const { deliveries, find, now, chance, log, setTimer = setProcessTimer } = options
  const ending = new AbortController()
  const send = createSend(options, ending.signal)
  const news = createNews({
    now,
    setTimer,
    due: ({ id, webhook }) => webhook && receivers.addUpdate(receiverOf(webhook.url), id),
  })
  const receivers = createReceivers({
    pending: (receiver, limit) => deliveries.pendingDeliveries(receiver, limit),
    deliver,
    update,
    now,
    setTimer,
    failed: (error) => log.error({ error }, 'Webhooks could not be sent for a moment'),
  })

  async function deliver(delivery: Delivery): Promise<void> {
    const { prediction: id, event } = delivery
    const outcome = await outcomeOf(delivery).catch((error): Outcome => {
      log.error({ error, prediction: id, event }, 'A webhook could not be made')
      return { kind: 'again', answer: 'not sent', afterMs: 0 }
    })
    // Cut off by our own end: the try does not count, and is made again after the next start.
    if (ending.signal.aborted) return
    const tried = afterTry(delivery, outcome, now(), chance())
    await deliveries.keepTry(tried)
    if (tried.state === 'pending') return
    news.resume(id)
    if (tried.state === 'given up')
      log.info({ prediction: id, event, answer: tried.answer }, 'A webhook was given up')
  }

  async function outcomeOf({ prediction: id, event }: Delivery): Promise<Outcome> {
    const prediction = await find(id)
    if (!prediction?.webhook) return { kind: 'given up', answer: 'deleted' }
    return send(asOf(event, prediction), `msg_${id}_${event}`, prediction.webhook.url)
  }

  async function update(id: string): Promise<void> {
    const kept = await deliveries.deliveriesOf(id)
    // What comes after the start waits until that is over with.
    if (kept.some(({ event, state }) => event === 'start' && state === 'pending')) return
    const prediction = news.take(id)
    if (!prediction?.webhook) return
    await send(prediction, `msg_${id}_${prediction.revision}`, prediction.webhook.url)
  }

  return {
    /** To be called after each save of a prediction. */
    saved(previous: Prediction, next: Prediction): void {
      if (!next.webhook) return
      news.saved(previous, next)
      if (lastingEvents(previous, next).length > 0) receivers.look(receiverOf(next.webhook.url))
    },

    /** Takes up what an earlier process left. */
    async recover(): Promise<void> {
      for (const receiver of await deliveries.receivers()) receivers.look(receiver)
    },

    /**
     * Sends a prediction that never was, signed as those of each of `secretOwners` are, and
     * answers a sentence that says what came of it.
     */
    async test(url: string, secretOwners: readonly string[]): Promise<string> {
      const prediction = testPrediction(now())
      return testSentence(await send(prediction, `msg_test_${now()}`, url, secretOwners))
    },

    /** Begins nothing more; what is being sent may end within `graceMs`, and is sent again otherwise. */
    async stop(graceMs: number): Promise<void> {
      news.stop()
      const ended = receivers.stop()
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, graceMs).unref())])
      ending.abort()
      await ended
    },
  }
}
