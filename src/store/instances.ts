import type { InstanceFailure, InstanceState } from '../domain/instance/state.ts'
import type { Json } from '../domain/json/json.ts'

/** Something that a replica asks of the one that runs the containers. */
export interface InstanceRequest {
  readonly id: string
  /** Of the replica that asks. */
  readonly replica: string
  /**
   * `slot`: of the containers of a workload, by its key; it is held until the request ends. `slot at`: of the container
   * at an address, held likewise. The others name a container, and `try again` a model.
   */
  readonly kind: 'slot' | 'slot at' | 'memory' | 'drain' | 'stop' | 'try again'
  readonly subject: string
  /** Milliseconds since 1970. */
  readonly askedAt: number
  /** The thing that it waits for; null when that is not known yet. */
  readonly progress: Json
  /** Null while there is none. */
  readonly answer: Json
}

/** The containers of a model, as the replica that runs them says. */
export interface SharedInstances {
  /** `owner/name`. */
  readonly model: string
  readonly states: readonly InstanceState[]
  /** By the keys of workloads, the latest first. */
  readonly failures: Readonly<Record<string, readonly InstanceFailure[]>>
}

/** Containers that replicas share: one of them runs them all, and the others ask it. */
export interface InstanceTable {
  ask(request: Pick<InstanceRequest, 'id' | 'kind' | 'subject' | 'askedAt'>): Promise<void>
  /** The requests of replicas that live, in the order in which they were made. Those of others are removed. */
  requests(): Promise<readonly InstanceRequest[]>
  /** The requests of this replica. */
  own(): Promise<readonly InstanceRequest[]>
  note(id: string, progress: Json): Promise<void>
  /** False when the request has ended. */
  answer(id: string, answer: Json): Promise<boolean>
  end(ids: readonly string[]): Promise<void>
  save(instances: SharedInstances): Promise<void>
  /** Of one model, or of all. */
  states(model?: string): Promise<readonly SharedInstances[]>
}
