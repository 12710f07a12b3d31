import type { StoredFile } from '../file/file.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { listIn } from '../json/parts.ts'
import type { ModelRef } from '../model-ref.ts'
import type { Excerpt } from '../output/large-output.ts'
import type { Webhook } from './webhook.ts'

/** One run of a model: what went in, what came out, and where it stands. */
export interface Prediction {
  /** 26 characters of lower-case base32. */
  readonly id: string
  readonly model: ModelRef
  /** Id of the version whose schemas draw it. */
  readonly version: string
  readonly provider: string
  readonly status: Status
  readonly input: JsonObject
  /** Null until something was made. A list that grows when the model `iterates`. */
  readonly output: Json
  /**
   * The shown part of an output that is too large to be kept here: it is a file, to which `output`
   * refers once it is written. Null for every other output.
   */
  readonly excerpt: Excerpt | null
  /** Whether the version's output is an iterator: chunks are items of a list. */
  readonly iterates: boolean
  /** Every stored file that `input` or `output` refers to. */
  readonly files: readonly StoredFile[]
  /** One sentence a person can act on; null unless failed. */
  readonly error: string | null
  readonly logs: string
  readonly progress: Progress | null
  /** Metrics of the run besides its times, by Replicate's names: `image_count`. */
  readonly metrics: JsonObject
  /** From 1; a run that was interrupted by the end of the server gets another attempt. */
  readonly attempt: number
  /**
   * The upstream's id of this attempt, by which it is found again after a restart. Empty while the
   * upstream has not answered; null when none was asked.
   */
  readonly remote: string | null
  /** Grows with every change. Opaque to clients: compare with `!==` only. */
  readonly revision: number
  /** Milliseconds since 1970, as are the next two. */
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number | null
  /** What it went through besides waiting in line and running, in order. */
  readonly phases: readonly PhaseStart[]
  /** When it is ended if it still runs; null when only its model's time limit applies. */
  readonly deadline: number | null
  /** How it was asked for. */
  readonly source: 'web' | 'api'
  /** Account of the viewer who made it. */
  readonly createdBy: string
  /** The account for which it was made: that of its maker, or of one of their groups. */
  readonly account: string
  readonly visibility: 'public' | 'private'
  /** Id of the prediction whose model asked for this one. */
  readonly parent: string | null
  /** Id of the prediction whose answer it goes on from, with the messages of that one; null for others. */
  readonly continues: string | null
  /** The group of runs that it was asked for with; null when it was asked for alone. */
  readonly group: GroupPlace | null
  /** The deployment it was sent to; null when it was sent to its model. */
  readonly deployment: ModelRef | null
  /** Where to send events; null without a webhook. */
  readonly webhook: Webhook | null
  /**
   * When its input, output, logs and files were removed, since they had been kept long enough. Null while
   * it has them.
   */
  readonly dataRemovedAt: number | null
}

/**
 * What a prediction goes through: its image is pulled, its model boots, its files are saved once the model is done.
 * `queued`: it waits again, for a container that is free.
 */
export type Phase = 'queued' | 'pulling' | 'booting' | 'saving'

export interface PhaseStart {
  readonly phase: Phase
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Where a prediction is in a group of runs. */
export interface GroupPlace {
  /** The id of the group. */
  readonly id: string
  /** From 0, in the order of the plan; for a batch, the line of its file. Null once another run took its place. */
  readonly place: number | null
  /** Whether it stands for the group in lists: one of its predictions does. */
  readonly isListed: boolean
}

export interface Progress {
  /** From 0 to 1; absent when it is not known. */
  readonly fraction?: number
  readonly label?: string
  /** Seconds still to go. */
  readonly eta?: number
  /** A small picture of what is being made, as a `data:` URI. */
  readonly preview?: string
  /** The last lines of the set-up that it waits for. */
  readonly log?: string
}

const restarted = 'The server stopped during this run. It was restarted from the beginning.\n'

/** The line before the logs of a second attempt. Log positions count from after it. */
export function restartNotice({ attempt }: Pick<Prediction, 'attempt'>): string {
  return attempt > 1 ? restarted : ''
}

/** The number of chunks in the output so far. */
export function outputLength(prediction: Pick<Prediction, 'output' | 'iterates'>): number {
  if (prediction.iterates) return listIn(prediction.output).length
  return prediction.output === null ? 0 : 1
}

/** Whether the output is incomplete because it is still being written to a file. */
export function isSpilling({ excerpt, status }: Pick<Prediction, 'excerpt' | 'status'>): boolean {
  return excerpt !== null && excerpt.ref === null && !isSettled({ status })
}

/** Whether it runs, and its output is a list that it holds as a whole. */
export function isGrowing({
  iterates,
  status,
  excerpt,
}: Pick<Prediction, 'iterates' | 'status' | 'excerpt'>): boolean {
  return iterates && status === 'processing' && excerpt === null
}

/** UTF-16 units of the attempt's logs so far, which log positions count. */
export function logLength(prediction: Prediction): number {
  return prediction.logs.length - restartNotice(prediction).length
}

/** Replicate's six statuses and no others. */
export const statuses = [
  'starting',
  'processing',
  'succeeded',
  'failed',
  'canceled',
  'aborted',
] as const
export type Status = (typeof statuses)[number]

/** The statuses that can follow each. None follows a settled one. */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  starting: ['processing', 'succeeded', 'failed', 'canceled', 'aborted'],
  processing: ['starting', 'succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
  aborted: [],
}

export function isSettled(prediction: { readonly status: Status }): boolean {
  return transitions[prediction.status].length === 0
}

/** Whether it waits in a queue or for its model to boot. */
export function isWaiting(prediction: { readonly status: Status }): boolean {
  return prediction.status === 'starting'
}

export function hasFailed(prediction: { readonly status: Status }): boolean {
  return prediction.status === 'failed' || prediction.status === 'aborted'
}

/** Whether it ended without succeeding. */
export function hasEndedInVain(prediction: { readonly status: Status }): boolean {
  return isSettled(prediction) && !hasSucceeded(prediction)
}

export function hasSucceeded(prediction: { readonly status: Status }): boolean {
  return prediction.status === 'succeeded'
}

/** The four groups that people look for: everything unsettled is one, and an aborted run failed. */
export function statusGroup(status: Status): 'running' | 'succeeded' | 'failed' | 'canceled' {
  if (!isSettled({ status })) return 'running'
  if (hasFailed({ status })) return 'failed'
  return status === 'succeeded' ? 'succeeded' : 'canceled'
}

type GivenAlways =
  | 'id'
  | 'model'
  | 'version'
  | 'provider'
  | 'input'
  | 'createdAt'
  | 'source'
  | 'createdBy'
type GivenSometimes =
  | 'iterates'
  | 'files'
  | 'deadline'
  | 'account'
  | 'visibility'
  | 'parent'
  | 'continues'
  | 'group'
  | 'deployment'
  | 'webhook'

type NewPrediction = Pick<Prediction, GivenAlways> & Partial<Pick<Prediction, GivenSometimes>>

/** A prediction that was just accepted. */
export function newPrediction(given: NewPrediction): Prediction {
  return {
    status: 'starting',
    output: null,
    excerpt: null,
    iterates: false,
    files: [],
    error: null,
    logs: '',
    progress: null,
    metrics: {},
    attempt: 1,
    remote: null,
    revision: 1,
    startedAt: null,
    completedAt: null,
    phases: [],
    deadline: null,
    account: given.createdBy,
    visibility: 'public',
    parent: null,
    continues: null,
    group: null,
    deployment: null,
    webhook: null,
    dataRemovedAt: null,
    ...given,
  }
}
