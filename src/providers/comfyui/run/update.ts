import type { JsonObject } from '../../../domain/json/json.ts'
import { sleep, within } from '../../../sleep.ts'
import { createChannel } from '../../channel.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { ComfyLimits } from '../limits.ts'
import type { QueuePlace, Server } from '../servers/server.ts'
import type { WorkflowSource } from '../source.ts'
import { type Preview, type PromptEvent, readMessage, readPreview } from './message.ts'

/** News of a run. */
export type RunUpdate =
  | { readonly type: 'event'; readonly event: PromptEvent }
  | { readonly type: 'preview'; readonly preview: Preview }
  /** The record of a prompt that has ended, else its place in the queue; null when that was not told. */
  | {
      readonly type: 'looked'
      readonly record: JsonObject | null
      readonly place: QueuePlace | null
    }
  | { readonly type: 'unreachable'; readonly error: RequestError }
  | { readonly type: 'aborted' }
  | { readonly type: 'cancel timed out' }

export type Updates = ReturnType<typeof createUpdates>

/** A longer message is not read. */
const mostMessageUnits = 2 ** 18

/** Events only make a run lively: past so many that wait, more are dropped. */
const mostWaiting = 100

/** All news of one run, for its one reader. */
export function createUpdates() {
  const channel = createChannel<RunUpdate>()
  let waiting = 0
  return {
    push(update: RunUpdate): void {
      const isLively = update.type === 'event' || update.type === 'preview'
      if (isLively && waiting >= mostWaiting) return
      waiting++
      channel.push(update)
    },
    async next(): Promise<RunUpdate> {
      const update = await channel.next()
      waiting--
      return update
    },
  }
}

export interface WatchOptions {
  readonly source: Pick<WorkflowSource, 'outputs'>
  readonly server: Server
  readonly promptId: string
  readonly client: UpstreamClient
  readonly limits: ComfyLimits
  readonly updates: Updates
  /** Aborts when the run is no longer followed. */
  readonly signal: AbortSignal
}

/**
 * Looks at a prompt again and again, and listens to its events: an event that says that it has ended is
 * looked at once. What a look says is the truth; events may be lost. Resolves when the socket is open,
 * or cannot be opened; `start` begins the looks, at the id that the
 * server gave the prompt.
 */
export async function watch(
  options: WatchOptions,
): Promise<{ readonly start: (promptId: string) => void }> {
  const { server, client, limits, updates, signal } = options
  let { promptId } = options
  let wake = new AbortController()
  const look = () => wake.abort()

  const address = `${server.url.replace(/^http/, 'ws')}/ws?clientId=${encodeURIComponent(promptId)}`
  const socket = await client.socket(address, server.headers(), {
    text(message) {
      const event = message.length > mostMessageUnits ? null : readMessage(message, promptId)
      if (event) updates.push({ type: 'event', event })
      if (event?.type === 'ended') look()
    },
    binary(message) {
      const preview = readPreview(message)
      if (preview) updates.push({ type: 'preview', preview })
    },
    closed: look,
  })
  signal.addEventListener('abort', () => socket.close(), { once: true })
  if (signal.aborted) socket.close()
  await within(limits.requestMs, socket.settled)

  /** Looks until the run is no longer followed. */
  async function lookOn(): Promise<void> {
    while (!signal.aborted) {
      await sleep(limits.watchMs, AbortSignal.any([signal, wake.signal]))
      wake = new AbortController()
      if (!signal.aborted) updates.push(await lookAt(options, promptId))
    }
  }

  return {
    start(given) {
      promptId = given
      look()
      void lookOn()
    },
  }
}

/** One look at a prompt. Never rejects but for faults of our own. */
async function lookAt({ server, source }: WatchOptions, promptId: string): Promise<RunUpdate> {
  try {
    const nodes = source.outputs.map(({ node }) => node)
    const record = await server.history(promptId, nodes)
    if (record) return { type: 'looked', record, place: null }
  } catch (error) {
    if (error instanceof RequestError) return { type: 'unreachable', error }
    throw error
  }
  // The server answers: a queue that is too large to be read is no reason to give up.
  const place = await server.place(promptId).catch((error) => {
    if (error instanceof RequestError) return null
    throw error
  })
  return { type: 'looked', record: null, place }
}
