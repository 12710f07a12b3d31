/** A change that the other replicas have to know of. */
export type Change =
  /** A prediction was saved. */
  | { readonly type: 'prediction'; readonly id: string; readonly revision: number }
  /**
   * A prediction was removed, or what is shown of it has changed other than by an event: its data, who may see it, or
   * its sub-runs.
   */
  | { readonly type: 'altered'; readonly id: string }
  /** The queue of a model has moved, or has room. `model` is `owner/name`. */
  | { readonly type: 'queue'; readonly model: string }
  /** The replica that runs a prediction is to end it. */
  | { readonly type: 'end'; readonly id: string }
  /** An operator changed a record or an edit of a model, access to one, a collection or a deployment. */
  | { readonly type: 'operators' }
  /** A person, their sessions or their tokens have changed; of all people when `id` is null. */
  | { readonly type: 'person'; readonly id: string | null }
  /** There are new webhook deliveries to a receiver. */
  | { readonly type: 'receiver'; readonly receiver: string }
  /** Something was asked of the replica that runs the containers. */
  | { readonly type: 'instance requests' }
  /** It answered one of them, or says what it waits for. */
  | { readonly type: 'instance answers'; readonly replica: string }
  /** The containers of a model have changed. `model` is `owner/name`. */
  | { readonly type: 'instances'; readonly model: string }
  /** An upstream called back for the run of a prediction; its provider reads the text. */
  | { readonly type: 'callback'; readonly id: string; readonly text: string }

/** Tells replicas, which share a database, of each other’s changes. */
export interface Changes {
  /** Tells the other replicas. Returns at once; what is told may be lost. */
  tell(change: Change): void
  /** Calls back for each change that another replica tells. */
  listen(listener: (change: Change) => void): void
  /** Calls back when changes may have been missed: after the connection was lost. */
  onGap(listener: () => void): void
  close(): Promise<void>
}
