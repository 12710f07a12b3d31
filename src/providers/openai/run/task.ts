import type { FormData } from 'undici'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { StreamingResponse } from '../../upstream/client.ts'
import type { Slot } from './place.ts'

/** A run whose input is ready to be sent. */
export interface Task {
  /** The path after the server's root, and the body, for the server of a slot. */
  request(slot: Slot): Promise<{ readonly path: string; readonly body: string | FormData }>
  /** Reports a response up to its end, which is always reported. Throws `RequestError`. */
  read(answer: Answer): AsyncGenerator<Occurrence>
}

export interface Answer {
  readonly slot: Slot
  readonly response: StreamingResponse
  /** When the request was sent, by `performance.now()`. */
  readonly sentAt: number
  /** What the server calls the stream, by which it can be followed on; null when it cannot. */
  readonly conversation: string | null
  /** Closes the connection. */
  readonly hangUp: () => void
}
