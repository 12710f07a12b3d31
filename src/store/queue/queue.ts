import type { ModelRef } from '../../domain/model-ref.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { Place } from '../../domain/prediction/turns.ts'

/** How many predictions of a model may run at once, and what a run is charged. */
export interface ClaimLimits {
  /** Of the model. */
  readonly copies: number
  /** Whether each replica has copies of its own, and counts them alone; else they are counted over all replicas. */
  readonly runsHere: boolean
  /** Versions of the model that other replicas run. */
  readonly passedVersions: readonly string[]
  /** Of those that were sent to a deployment, by its `owner/name`; null for those that were sent to the model itself. */
  ofDeployment(deployment: string | null): number
  /** Reads the limits of deployments, where another replica may have changed them. */
  readDeployments(): Promise<void>
  /** In all models. Of people whose limits were read. */
  ofPerson(person: string): number
  /** The same of these people, read where they are not known. What is known of others may be forgotten meanwhile. */
  readPeople(people: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** The usual time of a run, in whole milliseconds, from 1. */
  readonly charge: number
}

export interface Claim {
  /** From now on they run here. */
  readonly claimed: readonly Prediction[]
  /** Whether others of the model may still wait. */
  readonly isMore: boolean
}

/** How many predictions run, and how many wait. */
export interface Load {
  readonly running: number
  readonly waiting: number
}

/**
 * The predictions that wait, by model, in an order in which accounts take turns, and those that run.
 * Predictions of a deployment or of a person that already runs as many as it may are passed over. A
 * sub-run counts for no person: the run that waits for it does.
 */
export interface Queue {
  /** Adds a prediction that was accepted, or that is to run again. Returns whether others may have moved. */
  add(prediction: Prediction): boolean
  /** Takes the next predictions that may run, none or more. */
  claim(model: ModelRef, limits: ClaimLimits): Promise<Claim>
  /** Puts back what was claimed but not begun. */
  release(prediction: Prediction): Promise<void>
  /**
   * To be called when a run has ended here, and its end is saved. `ranMs` is the time that the model worked on it, in
   * milliseconds; null when that is not known. Resolves when the next one may be claimed.
   */
  finish(prediction: Pick<Prediction, 'id' | 'model'>, ranMs: number | null): Promise<void>
  /** Takes a prediction out that need not run any more. Resolves with whether it waited here. */
  remove(prediction: Prediction): Promise<boolean>
  /** Its place; null when it does not wait. */
  place(prediction: Prediction, charge: number): Promise<Place | null>
  /** The place of the next prediction that is made for an account. */
  placeOfNext(model: ModelRef, account: string, charge: number): Promise<Place>
  /** The ids of those that wait, in no order. */
  waiting(model: ModelRef): Promise<readonly string[]>
  /** Where replicas share the queue, what others did in the last 100 ms may not be counted. */
  load(model: ModelRef): Promise<Load>
  /** Whether so many of a model wait, or more. What others did in the last 100 ms may not be counted if not. */
  isFull(model: ModelRef, most: number): Promise<boolean>
  /** Of the predictions that were sent to a deployment of the model. */
  loadOfDeployment(model: ModelRef, deployment: ModelRef): Promise<Load>
  /** Of a person, in all models. */
  loadOfPerson(person: string): Promise<Load>
  /** The models for which a prediction of a person waits. */
  modelsOf(person: string): Promise<readonly ModelRef[]>
}
