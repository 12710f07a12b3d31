import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
} from '../../../domain/json/json.ts'
import { listIn, objectIn } from '../../../domain/json/parts.ts'

/** An event of a prompt, as the socket of its server tells it. */
export type PromptEvent =
  | { readonly type: 'began' }
  /** A node is worked on. */
  | { readonly type: 'node'; readonly node: string }
  /** Nodes that need no work, as the server has their results. */
  | { readonly type: 'cached'; readonly nodes: readonly string[] }
  /** How far nodes are, from 0 to 1. */
  | { readonly type: 'progress'; readonly nodes: readonly (readonly [string, number])[] }
  /** It has ended, somehow: its record says how. */
  | { readonly type: 'ended' }

const mostNodes = 2_000

/** Reads a text message of the socket; null for one that is not about the prompt. */
export function readMessage(text: string, promptId: string): PromptEvent | null {
  let message: Json
  try {
    message = parseJson(text)
  } catch {
    return null
  }
  if (!isObject(message) || !isObject(message.data)) return null
  const { data } = message
  // Prompts without a client are told to everybody. After a reconnection the current node comes without an id.
  const isOwn = data.prompt_id === promptId
  if (!isOwn && !(data.prompt_id === undefined && message.type === 'executing')) return null
  switch (message.type) {
    case 'execution_start':
      return { type: 'began' }
    case 'executing':
      return typeof data.node === 'string'
        ? { type: 'node', node: data.node }
        : isOwn
          ? ended
          : null
    case 'execution_cached':
      return { type: 'cached', nodes: listIn(data.nodes).slice(0, mostNodes).map(String) }
    case 'progress':
      return progressOf([[String(data.node), data]])
    case 'progress_state':
      return progressOf(Object.entries(objectIn(data.nodes)).slice(0, mostNodes))
    case 'execution_success':
    case 'execution_error':
    case 'execution_interrupted':
      return ended
    default:
      return null
  }
}

const ended: PromptEvent = { type: 'ended' }

function progressOf(nodes: readonly (readonly [string, Json])[]): PromptEvent {
  return { type: 'progress', nodes: nodes.map(([id, state]) => [id, fractionOf(objectIn(state))]) }
}

function fractionOf({ value, max, state }: JsonObject): number {
  if (state === 'finished') return 1
  const fraction = Number(value) / Number(max)
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0
}

const pictureTypes: Readonly<Record<number, string>> = { 1: 'image/jpeg', 2: 'image/png' }

/** A preview, as a picture. */
export interface Preview {
  readonly type: string
  readonly bytes: Uint8Array
}

/** Reads a binary message of the socket; null for anything but a preview. */
export function readPreview(message: Uint8Array): Preview | null {
  if (message.byteLength < 12) return null
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  const type = view.getUint32(0) === 1 ? pictureTypes[view.getUint32(4)] : undefined
  return type === undefined ? null : { type, bytes: message.subarray(8) }
}

/** The events of the record of a prompt, by their names. */
export function eventsIn(record: JsonObject): ReadonlyMap<string, JsonObject> {
  const messages = listIn(objectIn(record.status).messages)
  return new Map(
    messages.filter(isList).map(([type, data]) => [String(type), objectIn(data)] as const),
  )
}
