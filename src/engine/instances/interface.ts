import type { InstanceFailure, InstanceMemory, InstanceState } from '../../domain/instance/state.ts'
import type { InstanceLimits } from './limits.ts'
import type { EngineOptions } from './place.ts'
import type { Readiness } from './states.ts'
import type { Slot, Taken, WaitState } from './waiting.ts'
import type { Workload, WorkloadImage } from './workload.ts'

export interface InstancesOptions {
  readonly engines: readonly EngineOptions[]
  /** Marks the containers that are of this server. */
  readonly server: string
  readonly workloads: Workloads
  readonly look: (origin: string) => Promise<Readiness>
  readonly authFor: (image: string) => string | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  /** Whether containers are left running when the server stops, for the next one to go on with. */
  readonly keep: boolean
  /** The most that the images of models may take at each engine, in bytes; null for as much as there is. */
  readonly imagesMax: number | null
  /** Where another server may run the containers meanwhile: whether this one still does. */
  readonly mayAct?: () => boolean
  readonly log: { error(details: object, message: string): void }
  /** Overrides of `defaultInstanceLimits`. */
  readonly limits?: Partial<InstanceLimits>
}

/** The things that containers may be run for. */
export interface Workloads {
  /** As it is now; null when it is no more. */
  find(key: string): Workload | null
  /** Those of which some are kept ready. The others are run when somebody takes a slot. */
  kept(): readonly Workload[]
  /** The images of all of them. */
  images(): readonly WorkloadImage[]
}

/** Containers that start when somebody needs them, and stop when nobody does. */
export interface Instances {
  /**
   * Waits for a slot in a container of a workload, for which one is started when that is needed.
   *
   * @param waits Called with what it waits for, whenever that changes.
   */
  take(workload: Workload, signal: AbortSignal, waits: (state: WaitState) => void): Promise<Taken>
  /** The slot of a run that an earlier process of this server has begun; null when its container is gone. */
  takeAt(origin: string, signal: AbortSignal): Promise<Slot | null>
  /** The containers of a model, its deployments’ and earlier versions’ included. */
  of(model: string): readonly InstanceState[]
  /** The failures of the containers of a workload since the last that became ready, the latest first. */
  failuresOf(key: string): readonly InstanceFailure[]
  /** The same of all containers of a model, by the keys of their workloads. */
  failing(model: string): Readonly<Record<string, readonly InstanceFailure[]>>
  /** The memory of a container by its name; null when it is not known. Never rejects. */
  memoryOf(name: string): Promise<InstanceMemory | null>
  /**
   * Gives a container no more runs, and ends it once it has none. Resolves with false when there is none; rejects with
   * `InstancesAway` when the server that runs the containers does not answer, as do the next two.
   */
  drain(name: string): Promise<boolean>
  /** Ends a container, whatever it does. Resolves with false when there is none. */
  stop(name: string): Promise<boolean>
  /** Forgets the failures of a model, so that the next container starts at once. */
  tryAgain(model: string): Promise<void>
  /** To be called when what is to be run has changed. */
  changed(): void
  /** Calls back after each change, with the name of the model. */
  listen(listener: (model: string) => void): void
  close(): Promise<void>
}
