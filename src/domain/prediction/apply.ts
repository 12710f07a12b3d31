import { fileRefsIn, fileUri, type StoredFile } from '../file/file.ts'
import { isList, type Json, type JsonObject, sameJson } from '../json/json.ts'
import { listIn } from '../json/parts.ts'
import { wholeFile } from '../output/large-output.ts'
import type { PredictionEvent } from './event.ts'
import {
  isSettled,
  isWaiting,
  logLength,
  outputLength,
  type Phase,
  type Prediction,
  type Progress,
  restartNotice,
  type Status,
} from './prediction.ts'
import { metricsWithSeed } from './seed.ts'

const maxAttempts = 2

/**
 * The whole lifecycle. Returns the same object when the event changes nothing, so
 * `apply(p, e) !== p` decides everything downstream: save, notify, webhook.
 */
export function apply(prediction: Prediction, event: PredictionEvent): Prediction {
  if (isSettled(prediction)) return prediction
  const changes = changesOf(prediction, event)
  if (!changes) return prediction
  const next = { ...prediction, ...changes, revision: prediction.revision + 1 }
  return isSettled(next) ? { ...next, metrics: metricsWithSeed(next) } : next
}

type Changes = Partial<Omit<Prediction, 'id' | 'revision'>> | null

function changesOf(prediction: Prediction, event: PredictionEvent): Changes {
  switch (event.type) {
    case 'started':
      // The progress of the boot is not that of the run.
      return isWaiting(prediction) ? { ...begun(prediction, event.at), progress: null } : null
    case 'entered':
      return entered(prediction, event.phase, event.at)
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

/** Phases that are kept: a run may wait for one GPU after another. */
const mostPhases = 20

function entered(prediction: Prediction, phase: Phase, at: number): Changes {
  const { phases } = prediction
  if (isWaiting(prediction) !== (phase !== 'saving')) return null
  const current = phases.at(-1)?.phase ?? 'queued'
  return current === phase || phases.length >= mostPhases
    ? null
    : { phases: [...phases, { phase, at }] }
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
  const output = prediction.iterates ? [...listIn(prediction.output), ...fresh] : fresh.at(-1)
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
    // The output of an iterator stays a list.
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
  const logs = restartNotice(prediction) + event.logs
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
    phases: [],
    files: inputFiles(prediction),
    logs: restartNotice({ attempt: prediction.attempt + 1 }),
  }
}

/** Drops the report of an interrupted boot: the next boot repeats it. */
function unbooted(prediction: Prediction): Changes {
  const logs = restartNotice(prediction)
  const { progress, phases } = prediction
  return prediction.logs === logs && progress === null && phases.length === 0
    ? null
    : { logs, progress: null, phases: [] }
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
  if (a === null || a.fraction !== b.fraction || a.label !== b.label) return false
  return a.eta === b.eta && a.preview === b.preview && a.log === b.log
}

function joined(files: readonly StoredFile[], more: readonly StoredFile[] | undefined) {
  const known = new Set(files.map(({ ref }) => ref))
  const fresh = (more ?? []).filter(({ ref }) => !known.has(ref))
  return fresh.length > 0 ? [...files, ...fresh] : files
}
