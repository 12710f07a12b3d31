import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { objectIn, textIn } from '../../../domain/json/parts.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { Selection } from '../../upstream/selection.ts'
import { authorization, wantsKey } from './authorization.ts'

export type Server = ReturnType<typeof createServer>

/** `other`: something answers that is not ComfyUI. */
export type ServerHealth =
  | { readonly kind: 'idle' | 'busy' }
  | { readonly kind: 'unreachable' | 'other'; readonly sentence: string }

/** Where a prompt is in the queue of its server. */
export type QueuePlace =
  | { readonly kind: 'running' | 'absent' }
  /** How many prompts run or wait before it. */
  | { readonly kind: 'waiting'; readonly before: number }

export interface ServerOptions {
  readonly url: string
  /** The key for a URL; null for none. */
  keyOf(url: string): string | null
  readonly client: UpstreamClient
}

/** One ComfyUI server, in the state of its last health check. */
export function createServer({ url, keyOf, client }: ServerOptions) {
  let health: ServerHealth | null = null
  let checking: Promise<ServerHealth> | null = null
  let runs = 0

  const headers = () => authorization(keyOf(url))

  async function check(): Promise<ServerHealth> {
    health = await healthOf(url, keyOf(url), client)
    return health
  }

  return {
    url,
    /** Sent with each request to it. */
    headers,
    /** Of the last check; null before the first. */
    health: () => health,
    /** Concurrent calls share one check. Rejects for faults of our own only. */
    check(): Promise<ServerHealth> {
      checking ??= check().finally(() => {
        checking = null
      })
      return checking
    },
    /** How many of our runs it has. */
    runs: () => runs,
    /** Counts a run; the function that it returns ends that. */
    reserve(): () => void {
      runs++
      let reserved = true
      return () => {
        if (reserved) runs--
        reserved = false
      }
    },
    /**
     * The record of a prompt that has ended, with what these nodes made; null while it has not ended, or when
     * the server does not know it. Rejects with `RequestError`.
     */
    async history(promptId: string, nodes: readonly string[]): Promise<JsonObject | null> {
      const address = `${url}/history/${encodeURIComponent(promptId)}`
      const { status, json } = await client.get(address, headers(), { [promptId]: recordOf(nodes) })
      if (status !== 200 || !isObject(json)) throw new RequestError(`it answered ${status}`, true)
      const record = json[promptId]
      return isObject(record) ? record : null
    },
    /** Rejects with `RequestError`. */
    async place(promptId: string): Promise<QueuePlace> {
      const { status, json } = await client.get(`${url}/queue`, headers(), queueParts)
      if (status !== 200 || !isObject(json)) throw new RequestError(`it answered ${status}`, true)
      return placeIn(json, promptId)
    },
    /** Takes a prompt that waits out of the queue. Rejects with `RequestError`. */
    drop: (promptId: string) =>
      client.post(`${url}/queue`, JSON.stringify({ delete: [promptId] }), headers()),
    /** Interrupts a prompt that runs. A server that ignores the id interrupts whatever runs: look first. */
    interrupt: (promptId: string) =>
      client.post(`${url}/interrupt`, JSON.stringify({ prompt_id: promptId }), headers()),
  }
}

async function healthOf(
  url: string,
  key: string | null,
  client: UpstreamClient,
): Promise<ServerHealth> {
  try {
    // How many prompts it has, and nothing of what is in them.
    const { status, json } = await client.get(`${url}/prompt`, authorization(key))
    const { queue_remaining: remaining } = objectIn(objectIn(json).exec_info)
    if (status === 200 && typeof remaining === 'number')
      return { kind: remaining > 0 ? 'busy' : 'idle' }
    if (status === 401) return { kind: 'other', sentence: wantsKey(url, key) }
    return {
      kind: 'other',
      sentence: `The server at ${url} does not answer as ComfyUI does (${status}).`,
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    return { kind: 'unreachable', sentence: unreachable(url, error) }
  }
}

export function unreachable(url: string, { message }: RequestError): string {
  return `ComfyUI at ${url} cannot be reached: ${message}.`
}

/** Ids and numbers alone: a queue has the prompts of everybody. */
const items = { '*': { 0: 'all', 1: 'all' } } as const
const queueParts = { queue_running: items, queue_pending: items }

/** Without the workflow, and the inputs of a node that failed. */
function recordOf(nodes: readonly string[]): Selection {
  const told = { node_id: 'all', exception_type: 'all', exception_message: 'all' } as const
  return {
    status: { status_str: 'all', messages: { '*': { 0: 'all', 1: told } } },
    outputs: Object.fromEntries(nodes.map((node) => [node, 'all'])),
  }
}

function placeIn(queue: JsonObject, promptId: string): QueuePlace {
  const [running, waiting] = [queue.queue_running, queue.queue_pending].map(itemsIn)
  if (running?.some(({ id }) => id === promptId)) return { kind: 'running' }
  const own = waiting?.find(({ id }) => id === promptId)
  if (!own) return { kind: 'absent' }
  const before = waiting?.filter(({ number }) => number < own.number) ?? []
  return { kind: 'waiting', before: before.length + (running?.length ?? 0) }
}

function itemsIn(list: Json | undefined) {
  if (!isList(list)) return []
  return list.filter(isList).map(([number, id]) => ({ number: Number(number), id: textIn(id) }))
}
