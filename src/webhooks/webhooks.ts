import { setTimeout as delay } from 'node:timers/promises'
import type { Prediction } from '../domain/prediction/prediction.ts'
import { asOf, type Delivery, lastingEvents, receiverOf } from '../domain/webhook/delivery.ts'
import { createDispatcher } from './dispatcher.ts'
import { afterTry, type Outcome } from './schedule.ts'
import { createSend, type SendOptions } from './send.ts'
import { createSharing, type SharingOptions } from './shared.ts'
import { testPrediction, testSentence } from './test-delivery.ts'
import { type SetTimer, setTimer as setProcessTimer } from './timer.ts'
import { createUpdates } from './updates.ts'

/** Keeps deliveries, as `Store` documents. */
export interface DeliveryStore {
  deliveriesOf(prediction: string): Promise<readonly Delivery[]>
  pendingDeliveries(receiver: string, limit: number): Promise<readonly Delivery[]>
  receivers(): Promise<readonly string[]>
  keepTry(tried: Delivery): Promise<void>
}

export interface WebhooksOptions extends SendOptions {
  readonly shared: SharingOptions['shared']
  readonly deliveries: DeliveryStore
  /** A prediction as it is saved, no older than its deliveries; null when there is none. */
  readonly find: (id: string) => Promise<Prediction | null>
  /** Random, from 0 to 1. */
  readonly chance: () => number
  /** By default, timers of the process. */
  readonly setTimer?: SetTimer
  readonly log: {
    info(details: object, message: string): void
    error(details: object, message: string): void
  }
}

export type Webhooks = ReturnType<typeof createWebhooks>

/**
 * Sends webhooks. The events `start` and `completed` are retried until they are delivered or given up;
 * an update of output and logs is sent once, as the next contains it.
 */
export function createWebhooks(options: WebhooksOptions) {
  const { deliveries, find, now, chance, log, shared, setTimer = setProcessTimer } = options
  const ending = new AbortController()
  const onError = (error: unknown) =>
    log.error({ error }, 'Webhooks could not be sent for a moment')
  const send = createSend(options, ending.signal)
  const updates = createUpdates({
    now,
    setTimer,
    due: ({ id, webhook }) => webhook && dispatcher.addUpdate(receiverOf(webhook.url), id),
  })
  const claims = createSharing({
    shared,
    pending: deliveries.receivers,
    dispatch: (receiver) => dispatcher.dispatch(receiver),
    nudge: (receiver) => dispatcher.nudge(receiver),
    onError,
  })
  const dispatcher = createDispatcher({
    pending: (receiver, limit) => deliveries.pendingDeliveries(receiver, limit),
    deliver,
    update,
    dropUpdate: (prediction) => void updates.take(prediction),
    claims,
    now,
    setTimer,
    onError,
  })

  async function deliver(delivery: Delivery): Promise<void> {
    const { prediction: id, event } = delivery
    const outcome = await outcomeOf(delivery).catch((error): Outcome => {
      log.error({ error, prediction: id, event }, 'A webhook could not be made')
      return { kind: 'again', answer: 'not sent', afterMs: 0 }
    })
    // A try that our own stop cut off does not count. The next start repeats it.
    if (ending.signal.aborted) return
    const tried = afterTry(delivery, outcome, now(), chance())
    await deliveries.keepTry(tried)
    if (tried.state === 'pending') return
    updates.resume(id)
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
    // An update is not sent before the start.
    if (kept.some(({ event, state }) => event === 'start' && state === 'pending')) return
    const prediction = updates.take(id)
    if (!prediction?.webhook) return
    await send(prediction, `msg_${id}_${prediction.revision}`, prediction.webhook.url)
  }

  return {
    /** To be called after each save of a prediction. */
    saved(previous: Prediction, next: Prediction): void {
      if (!next.webhook) return
      updates.saved(previous, next)
      if (lastingEvents(previous, next).length > 0)
        dispatcher.dispatch(receiverOf(next.webhook.url))
    },

    /** Sends the deliveries that an earlier process left. */
    async recover(): Promise<void> {
      for (const receiver of await deliveries.receivers()) dispatcher.dispatch(receiver)
    },

    /**
     * Sends a test prediction, signed with the secret of each of `secretOwners`. Resolves with a
     * sentence about the outcome.
     */
    async test(url: string, secretOwners: readonly string[]): Promise<string> {
      const prediction = testPrediction(now())
      return testSentence(await send(prediction, `msg_test_${now()}`, url, secretOwners))
    },

    /** Starts no more requests. Those that do not end within `graceMs` are repeated after the next start. */
    async stop(graceMs: number): Promise<void> {
      updates.stop()
      const ended = dispatcher.stop()
      await Promise.race([ended, delay(graceMs, undefined, { ref: false })])
      ending.abort()
      await ended
      await claims.close()
    },
  }
}
