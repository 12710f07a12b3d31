import { fileRefsIn, fileUri, type StoredFile } from '../file/file.ts'
import { isList, type Json, type JsonObject, sameJson } from '../json/json.ts'
import type { ModelRef } from '../model-ref.ts'
import { type Excerpt, wholeFile } from '../output/large-output.ts'
import type { Webhook } from './webhook.ts'

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

/** What each status may become. Nothing follows a settled one. */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  starting: ['processing', 'succeeded', 'failed', 'canceled', 'aborted'],
  processing: ['starting', 'succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
  aborted: [],
}

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
   * What is shown of an output that is too large to be kept here: it is a file, to which `output`
   * refers once that is written. Null for every other output.
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
  /** What was measured of the run besides its times, by Replicate's names: `image_count`. */
  readonly metrics: JsonObject
  /** From 1; a run that the server's death cut short gets another attempt. */
  readonly attempt: number
  /**
   * What an upstream calls this attempt, by which it is found again after a restart. Empty while
   * the upstream was asked to run it and has not answered; null when none was asked.
   */
  readonly remote: string | null
  /** Grows with every change. Opaque to clients: compare with `!==` only. */
  readonly revision: number
  /** Milliseconds since 1970, as are the next two. */
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number | null
  /** When it is ended if it still runs; null when only its model's limit holds. */
  readonly deadline: number | null
  /** How it was asked for. */
  readonly source: 'web' | 'api'
  /** Id of the viewer who made it. */
  readonly createdBy: string
  readonly visibility: 'public' | 'private'
  /** Id of the prediction whose model asked for this one. */
  readonly parent: string | null
  /** The deployment it was sent to; null when it was sent to its model. */
  readonly deployment: ModelRef | null
  /** Whom to tell what happens; null when nobody asked to be told. */
  readonly webhook: Webhook | null
}

export interface Progress {
  /** From 0 to 1; absent when it is not known. */
  readonly fraction?: number
  readonly label?: string
  /** Seconds still to go. */
  readonly eta?: number
}

/** Something that happened to a prediction, at a time in milliseconds since 1970. */
export type PredictionEvent = Occurrence & { readonly at: number }

export type Occurrence =
  | { readonly type: 'started' }
  /** Chunks we own: `index` is the position of the first, so a replay changes nothing. */
  | {
      readonly type: 'emitted'
      readonly index: number
      readonly chunks: readonly Json[]
      readonly files?: readonly StoredFile[]
    }
  /** The output is too large to be kept with the prediction; with `ref`, all of it is in that file. */
  | {
      readonly type: 'spilled'
      readonly excerpt: Excerpt
      readonly files: readonly StoredFile[]
    }
  /** Text we own: `offset` in UTF-16 units from the start of the attempt's logs. */
  | { readonly type: 'logged'; readonly offset: number; readonly text: string }
  | { readonly type: 'progressed'; readonly progress: Progress }
  /**
   * A snapshot from a poll or a webhook: taken only if neither part gets shorter. The last one,
   * which is what the run ended with, is taken as it is.
   */
  | {
      readonly type: 'observed'
      readonly output: Json
      readonly logs: string
      readonly files?: readonly StoredFile[]
      readonly last?: boolean
    }
  /**
   * An upstream is asked to run it (`remote` empty), has said what it calls the run, or has said
   * that it does not take it (null).
   */
  | { readonly type: 'submitted'; readonly remote: string | null }
  /** Figures that an upstream gives; they are added to those it gave before. */
  | { readonly type: 'measured'; readonly metrics: JsonObject }
  | { readonly type: 'succeeded' }
  | { readonly type: 'failed'; readonly error: string }
  | { readonly type: 'canceled' }
  /** The deadline passed. */
  | { readonly type: 'expired'; readonly error: string }
  /** The moment its caller set has passed: what had not begun is aborted, what ran is canceled. */
  | { readonly type: 'overdue'; readonly error: string }
  /** The process that ran it died. `rerun`: whether it may be run again. */
  | { readonly type: 'interrupted'; readonly rerun: boolean }

export function isSettled(prediction: { readonly status: Status }): boolean {
  return transitions[prediction.status].length === 0
}

/** Accepted, and waiting for its turn or for its model to boot. */
export function isWaiting(prediction: { readonly status: Status }): boolean {
  return prediction.status === 'starting'
}

export function hasFailed(prediction: { readonly status: Status }): boolean {
  return prediction.status === 'failed' || prediction.status === 'aborted'
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

/** Seconds from one moment to another: none where the clock was set back in between. */
export function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1000
}

/** Seconds the model worked on it; null until it has both begun and ended. */
export function predictTime(
  prediction: Pick<Prediction, 'startedAt' | 'completedAt'>,
): number | null {
  const { startedAt, completedAt } = prediction
  return startedAt === null || completedAt === null ? null : secondsBetween(startedAt, completedAt)
}

/** Seconds it waited before the model began, or until it ended without beginning. */
export function queueTime(prediction: Prediction): number | null {
  const until = prediction.startedAt ?? prediction.completedAt
  return until === null ? null : secondsBetween(prediction.createdAt, until)
}

/** Seconds from when it was asked for until it ended; null until then. */
export function totalTime({
  createdAt,
  completedAt,
}: Pick<Prediction, 'createdAt' | 'completedAt'>): number | null {
  return completedAt === null ? null : secondsBetween(createdAt, completedAt)
}

const maxAttempts = 2

/**
 * The whole lifecycle. Returns the same object when the event changes nothing, so
 * `apply(p, e) !== p` decides everything downstream: save, notify, webhook.
 */
export function apply(prediction: Prediction, event: PredictionEvent): Prediction {
  if (isSettled(prediction)) return prediction
  const changes = changesOf(prediction, event)
  return changes ? { ...prediction, ...changes, revision: prediction.revision + 1 } : prediction
}

type Changes = Partial<Omit<Prediction, 'id' | 'revision'>> | null

function changesOf(prediction: Prediction, event: PredictionEvent): Changes {
  switch (event.type) {
    case 'started':
      // What its boot was at is no progress of the run.
      return isWaiting(prediction) ? { ...begun(prediction, event.at), progress: null } : null
    case 'emitted':
      return emitted(prediction, event)
    case 'spilled':
      return spilled(prediction, event)
    case 'logged':
      return logged(prediction, event)
    case 'progressed':
      return sameProgress(prediction.progress, event.progress) ? null : { progress: event.progress }
    case 'observed':
      return observed(prediction, event)
    case 'submitted':
      return prediction.remote === event.remote ? null : { remote: event.remote }
    case 'measured':
      return measured(prediction, event.metrics)
    case 'succeeded':
      return { ...begun(prediction, event.at), ...settled('succeeded', event.at) }
    case 'failed':
      return { ...settled('failed', event.at), error: event.error }
    case 'canceled':
      return settled('canceled', event.at)
    case 'expired':
      return {
        ...settled(isWaiting(prediction) ? 'aborted' : 'failed', event.at),
        error: event.error,
      }
    case 'overdue':
      return isWaiting(prediction)
        ? { ...settled('aborted', event.at), error: event.error }
        : settled('canceled', event.at)
    case 'interrupted':
      return interrupted(prediction, event)
  }
}

function begun(prediction: Prediction, at: number) {
  return { status: 'processing', startedAt: prediction.startedAt ?? at } as const
}

function settled(status: Status, at: number) {
  return { status, completedAt: at, progress: null } as const
}

function emitted(
  prediction: Prediction,
  event: Extract<PredictionEvent, { type: 'emitted' }>,
): Changes {
  const known = outputLength(prediction)
  const fresh = event.chunks.slice(known - event.index)
  if (event.index > known || fresh.length === 0) return null
  const output = prediction.iterates ? [...itemsOf(prediction.output), ...fresh] : fresh.at(-1)
  if (output === null || output === undefined) return null
  if (!prediction.iterates && sameJson(output, prediction.output)) return null
  return {
    ...begun(prediction, event.at),
    output,
    files: joined(prediction.files, event.files),
  }
}

function spilled(
  prediction: Prediction,
  { at, excerpt, files }: Extract<PredictionEvent, { type: 'spilled' }>,
): Changes {
  const file = wholeFile(excerpt, files)
  const uri = file && fileUri(file)
  return {
    ...begun(prediction, at),
    // A list stays one, for those who take it item by item.
    ...(uri === null ? {} : { output: prediction.iterates ? [uri] : uri }),
    excerpt,
    files: joined(prediction.files, files),
  }
}

function logged(
  prediction: Prediction,
  event: Extract<PredictionEvent, { type: 'logged' }>,
): Changes {
  const known = logLength(prediction)
  const fresh = event.text.slice(known - event.offset)
  return event.offset > known || fresh === '' ? null : { logs: prediction.logs + fresh }
}

function observed(
  prediction: Prediction,
  event: Extract<PredictionEvent, { type: 'observed' }>,
): Changes {
  const { output } = event
  const logs = notice(prediction) + event.logs
  const shrinks = logs.length < prediction.logs.length || sizeOf(output) < sizeOf(prediction.output)
  if (shrinks && !event.last) return null
  if (logs === prediction.logs && sameJson(output, prediction.output)) return null
  return {
    ...(output === null ? {} : begun(prediction, event.at)),
    output,
    logs,
    files: joined(prediction.files, event.files),
  }
}

function measured(prediction: Prediction, fresh: JsonObject): Changes {
  const metrics = { ...prediction.metrics, ...fresh }
  return sameJson(metrics, prediction.metrics) ? null : { metrics }
}

function interrupted(
  prediction: Prediction,
  event: Extract<PredictionEvent, { type: 'interrupted' }>,
): Changes {
  if (isWaiting(prediction) && prediction.remote === null) return unbooted(prediction)
  if (!event.rerun)
    return {
      ...settled('failed', event.at),
      error:
        'The server stopped during this run, and this model is not set to run again automatically.',
    }
  if (prediction.attempt >= maxAttempts)
    return {
      ...settled('failed', event.at),
      error: 'The server stopped twice during this run, so it was not tried a third time.',
    }
  return {
    status: 'starting',
    attempt: prediction.attempt + 1,
    remote: null,
    startedAt: null,
    output: null,
    excerpt: null,
    progress: null,
    metrics: {},
    files: inputFiles(prediction),
    logs: restarted,
  }
}

/** What a boot that was cut short had said is said again by the next. */
function unbooted(prediction: Prediction): Changes {
  const logs = notice(prediction)
  return prediction.logs === logs && prediction.progress === null ? null : { logs, progress: null }
}

const restarted = 'The server stopped during this run. It was restarted from the beginning.\n'

/** The line before the logs of a second attempt: positions in its logs count from after it. */
function notice({ attempt }: Prediction): string {
  return attempt > 1 ? restarted : ''
}

/** How many chunks the output holds so far. */
export function outputLength(prediction: Pick<Prediction, 'output' | 'iterates'>): number {
  if (prediction.iterates) return itemsOf(prediction.output).length
  return prediction.output === null ? 0 : 1
}

/** Whether what the output holds is less than what was made: the rest of it is being written. */
export function isSpilling({ excerpt, status }: Pick<Prediction, 'excerpt' | 'status'>): boolean {
  return excerpt !== null && excerpt.ref === null && !isSettled({ status })
}

/** UTF-16 units of the attempt's logs so far: what its positions count. */
export function logLength(prediction: Prediction): number {
  return prediction.logs.length - notice(prediction).length
}

function itemsOf(output: Json): readonly Json[] {
  return isList(output) ? output : []
}

function sizeOf(output: Json): number {
  if (output === null) return -1
  return isList(output) || typeof output === 'string' ? output.length : 1
}

function inputFiles(prediction: Prediction): readonly StoredFile[] {
  const refs = new Set(fileRefsIn(prediction.input))
  return prediction.files.filter((file) => refs.has(file.ref))
}

function sameProgress(a: Progress | null, b: Progress): boolean {
  return a !== null && a.fraction === b.fraction && a.label === b.label && a.eta === b.eta
}

function joined(files: readonly StoredFile[], more: readonly StoredFile[] | undefined) {
  const known = new Set(files.map(({ ref }) => ref))
  const fresh = (more ?? []).filter(({ ref }) => !known.has(ref))
  return fresh.length > 0 ? [...files, ...fresh] : files
}
