import type { ModelRef } from '../domain/model-ref.ts'

/** A model that runs in the process of a replica, in the version that it has there. */
export interface LocalModel {
  /** `owner/name`. */
  readonly name: string
  readonly version: string
}

/** What a replica says of itself. */
export interface Beat {
  /** Of its host. */
  readonly name: string
  readonly models: readonly LocalModel[]
  readonly isDraining: boolean
}

export interface LiveReplica extends Beat {
  readonly id: string
}

/** Why a prediction is to end before its run is over. */
export type Ending = 'canceled' | 'overdue'

/** A prediction that a replica owns: it runs there. */
export interface Owned {
  readonly id: string
  /** Set when somebody asked for its end. */
  readonly ending: Ending | null
}

/**
 * Which replicas live, and which of them owns what. A replica lives while its last beat is recent, by the
 * clock of the database.
 */
export interface Replicas {
  /** The id of this one. */
  readonly id: string
  /** Says that this replica lives. Resolves with what it owns. */
  beat(beat: Beat): Promise<readonly Owned[]>
  /** Ends the life of this replica: what it still owns may be taken over at once. */
  leave(): Promise<void>
  /** The replicas that live. */
  live(): Promise<readonly LiveReplica[]>
  /** Up to `limit` predictions whose owner does not live any more, the oldest first. */
  lost(limit: number): Promise<readonly { readonly id: string; readonly model: ModelRef }[]>
  /** Makes this replica the owner of those whose owner does not live. Resolves with those that it got. */
  takeOver(ids: readonly string[]): Promise<readonly Owned[]>
  /** Makes this replica the owner of a prediction that has none; false when it has one, or is settled. */
  take(id: string): Promise<boolean>
  /** Whether this replica owns it. */
  owns(id: string): Promise<boolean>
  /** Asks the owner of a prediction to end it. Resolves with the id of the owner; null when it has none. */
  requestEnd(id: string, ending: Ending): Promise<string | null>
  /** Every model for which a prediction waits. */
  waitingModels(): Promise<readonly ModelRef[]>
  /** Up to `limit` predictions that wait although their deadline has passed. */
  overdue(limit: number): Promise<readonly string[]>
}
