import type { Json } from '../../../domain/json/json.ts'
import type { LargeOutputFile } from '../../response-reader.ts'
import type { RequestError } from '../../upstream/request-error.ts'
import type { Health } from '../containers/health.ts'
import type { ContainerPrediction } from './container-prediction.ts'

/** News of a run: from its container, from a health check, or from our own side. */
export type RunUpdate =
  | Answered
  | Reported
  | { readonly type: 'item'; readonly index: number; readonly value: Json }
  | { readonly type: 'logged'; readonly text: string }
  | { readonly type: 'measured'; readonly name: string; readonly value: Json }
  /** No answer will come over this connection. */
  | { readonly type: 'disconnected'; readonly error: RequestError }
  | HealthChecked
  /** The run is to be stopped. */
  | { readonly type: 'aborted' }
  /** The container does not know the run that it is asked to cancel. */
  | { readonly type: 'cancel refused' }
  /** A canceled run did not end in time. */
  | { readonly type: 'cancel timed out' }

/** The whole response, or the last event of a stream. */
export interface Answered {
  readonly type: 'answered'
  readonly status: number
  /** Undefined when it is not JSON. */
  readonly json: Json | undefined
  /** The beginning of the response, for the logs. */
  readonly text: string
  /** Its output, when that is too large to be in `json`. */
  readonly large: LargeOutputFile | null
}

/** The prediction as the container has it at the moment. */
export interface Reported {
  readonly type: 'reported'
  readonly prediction: ContainerPrediction
  readonly large: LargeOutputFile | null
  /** True for a webhook, false for the response to a poll. */
  readonly posted: boolean
}

export interface HealthChecked {
  readonly type: 'checked'
  readonly health: Health
  /** Whether the container works on this run; null when it cannot tell. */
  readonly works: boolean | null
}
