import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { clientAddress } from '../request/connection.ts'
import { type BufferedResponse, type OnDisconnect, sendLater } from './deferred-response.ts'
import { createHeldRequests } from './held-requests.ts'

/** The poll interval of panels while no more requests can be held, in milliseconds. */
const crowdedPollMs = 3_000
/** The same while this server drains: soon, as another replica gets the next request. */
const drainingPollMs = 1_000

/** The most that a viewer is sent, on average: large panels come less often. */
const bytesPerMs = 400
const shortestWaitMs = 5

/** How long replicas may disagree on the place of a prediction, in milliseconds. */
const agreedMs = 300

export interface HeldAnswersOptions {
  /** What a panel shows of its subject, opaque; null when it does not change any more, or there is none. */
  openState(id: string): Promise<string | null>
  /** Whether two states differ in no more than what replicas may disagree on for a moment. */
  isDisputed?(state: string, seen: string): boolean
  /** The least time between two changes that are told, in milliseconds; none when left out. */
  readonly restMs?: number
}

/** A request for a panel that is answered when there is something new to show. */
export interface Held {
  readonly id: string
  /** The state that the client has. */
  readonly seen: string
  /**
   * Draws the panel as this viewer may see it now. It requests the next one after `pollMs`, or at once
   * for null.
   */
  draw(pollMs: number | null): Promise<BufferedResponse>
}

/** Answers requests for panels when their subjects change (long polling). */
export function createHeldAnswers(deps: Deps, options: HeldAnswersOptions) {
  const { runner, config, log, isShared, draining } = deps
  const { openState, isDisputed = () => false, restMs = 0 } = options
  const held = createHeldRequests((id) => runner.watch(id, () => wakeSoon(id)))
  const waking = new Set<string>()
  draining?.addEventListener('abort', held.wakeAll)

  async function wake(id: string): Promise<void> {
    held.wake(id, await openState(id))
  }

  function wakeAfter(id: string, ms: number): void {
    setTimeout(() => {
      waking.delete(id)
      wake(id).catch(onError)
    }, ms).unref()
  }

  function wakeSoon(id: string): void {
    if (restMs === 0) return void wake(id).catch(onError)
    if (waking.has(id)) return
    waking.add(id)
    wakeAfter(id, restMs)
  }

  function onError(error: unknown): void {
    log.error({ error }, 'Those who watch were not told')
  }

  /** Resolves with true when there is news, with false on disconnect. Null when no more can be held. */
  async function news(id: string, seen: string, address: string, onDisconnect: OnDisconnect) {
    if (draining?.aborted) return null
    const waiting = held.wait({ address, id, seen }, onDisconnect)
    if (!waiting) return null
    // It may have changed between the first look at it and the wait.
    const state = await openState(id)
    if (state !== seen) {
      // A browser that asks replicas in turns would be answered at once by each.
      if (isShared && state !== null && isDisputed(state, seen)) wakeAfter(id, agreedMs)
      else await wake(id)
    }
    return waiting
  }

  /** When the browser asks again; null for at once. */
  function pollMsAfter(isNew: true | null): number | null {
    if (draining?.aborted) return config.pollMs ?? drainingPollMs
    return isNew ? null : (config.pollMs ?? crowdedPollMs)
  }

  /** The panel as soon as it differs from `seen` and the viewer may be sent more. Null on disconnect. */
  async function whenNew(
    { id, seen, draw }: Held,
    address: string,
    onDisconnect: OnDisconnect,
  ): Promise<BufferedResponse | null> {
    const since = performance.now()
    const isNew = config.pollMs === null ? await news(id, seen, address, onDisconnect) : null
    if (isNew === false) return null
    const pollMs = pollMsAfter(isNew)
    const response = await draw(pollMs)
    const wait = response.body.length / bytesPerMs - (performance.now() - since)
    if (wait <= shortestWaitMs || response.status === 404) return response
    await sleep(wait)
    return draw(pollMs)
  }

  return {
    /** Sends a panel once there is news. */
    answer(c: Context, request: Held): Response | Promise<Response> {
      const address = clientAddress(c, deps)
      return sendLater(c, log, (onDisconnect) => whenNew(request, address, onDisconnect))
    },
  }
}
