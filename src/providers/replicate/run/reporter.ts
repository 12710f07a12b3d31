import { fileUri, type StoredFile } from '../../../domain/file/file.ts'
import { isList, type Json, sameJson } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { isSettled, type Status } from '../../../domain/prediction/prediction.ts'
import type { Run } from '../../provider.ts'
import type { PolledPrediction } from '../client.ts'
import type { UpstreamPrediction } from '../responses.ts'
import { outcomeOf } from './outcome.ts'
import { createReplicateOutputs, type ReplicateOutputOptions } from './outputs.ts'

/** We measure times ourselves. */
const ownMetrics = new Set(['predict_time', 'total_time'])

export interface ReplicateReporterOptions extends ReplicateOutputOptions {
  readonly now: () => number
}

export type ReplicateReporter = ReturnType<typeof createReplicateReporter>

/** Reports what changed in a run since it was last polled. */
export function createReplicateReporter(
  run: Run,
  service: string,
  options: ReplicateReporterOptions,
) {
  const { now, responses } = options
  const outputs = createReplicateOutputs(run, options)
  const { nullable: mayBeNull, iterator: iterates } = run.version.schema.output
  /** Our own lines of the log, which stand before the service's. */
  let notes = ''
  let output: Json = null
  /** Whether `output` refers to a stored file with all of it. */
  let isSpilled = false
  const chunks: Json[] = []
  let files: readonly StoredFile[] = []
  let logs = ''
  let hasStarted = false

  function* start(): Generator<Occurrence> {
    if (hasStarted) return
    hasStarted = true
    yield { type: 'started' }
  }

  /** The stream may be ahead of the last poll. */
  function snapshot(): Extract<Occurrence, { type: 'observed' }> {
    const polled = isList(output) ? output.length : 0
    const most = chunks.length > polled && !isSpilled ? [...chunks] : output
    return { type: 'observed', output: most, files, logs: notes + logs }
  }

  async function* spill({ large }: PolledPrediction): AsyncGenerator<Occurrence> {
    if (!large) return
    const spilled = await responses.spill(large)
    const uris = spilled.files.slice(-1).map(fileUri)
    output = iterates ? uris : (uris[0] ?? null)
    files = spilled.files
    isSpilled = true
    yield spilled
  }

  /** Reports a prediction as it was polled. */
  async function* observe(upstream: PolledPrediction): AsyncGenerator<Occurrence> {
    const settled = isSettled(upstream)
    if (hasBegun[upstream.status]) yield* start()
    else if (!settled) return
    const polledLogs = upstream.logs ?? ''
    const polled = upstream.output ?? null
    if (settled && (upstream.large || outputs.hasFiles(polled)))
      yield { type: 'entered', phase: 'saving' }
    const stored = await outputs.store(polled)
    const changed = polledLogs !== logs || !sameJson(stored.output ?? output, output)
    // Output stays when the run fails, and when the service has removed it in the meantime.
    if (stored.output !== null) {
      output = stored.output
      files = stored.files
    }
    logs = polledLogs
    if (settled) notes += failureNotes(outputs.failures(), service)
    const last = settled && stored.output !== null
    if (changed || settled) yield last ? { ...snapshot(), output, last } : snapshot()
    const metrics = Object.entries(upstream.metrics ?? {}).filter(([name]) => !ownMetrics.has(name))
    yield* spill(upstream)
    if (metrics.length > 0) yield { type: 'measured', metrics: Object.fromEntries(metrics) }
  }

  /** Reports how a settled prediction ended. */
  function* end(upstream: UpstreamPrediction): Generator<Occurrence> {
    const hasOutput = output !== null
    const hasBegun = hasStarted || hasOutput || chunks.length > 0
    const context = { service, now: now(), hasOutput, mayBeNull, hasBegun }
    const outcome = outcomeOf(upstream, context)
    if (!outcome) return
    if (outcome.hasBegun) yield* start()
    if (outcome.cause !== null) yield* note(outcome.cause)
    yield outcome.occurrence
  }

  /** Adds a line of our own to the logs. */
  function* note(line: string): Generator<Occurrence> {
    notes += `${line.trimEnd()}\n`
    yield snapshot()
  }

  return {
    note,
    observe,
    end,
    /** Reports text from the stream. */
    *streamed(texts: readonly string[]): Generator<Occurrence> {
      yield* start()
      yield { type: 'emitted', index: chunks.length, chunks: texts }
      for (const text of texts) chunks.push(text)
    },
    /** Fails the run, with the service's own words in the logs. */
    *fail(error: string, raw = ''): Generator<Occurrence> {
      if (raw !== '') yield* note(raw)
      yield { type: 'failed', error }
    },
  }
}

/** Whether a model has begun to run, by the status of its prediction. */
const hasBegun: Readonly<Record<Status, boolean>> = {
  starting: false,
  processing: true,
  succeeded: true,
  failed: true,
  canceled: false,
  aborted: false,
}

function failureNotes(failures: ReadonlyMap<string, string>, service: string): string {
  const lines = [...failures].map(
    ([address, why]) =>
      `A file could not be copied (${why}) ${service} keeps it for an hour after the run: ${address.slice(0, 2_000)}\n`,
  )
  return lines.join('')
}
