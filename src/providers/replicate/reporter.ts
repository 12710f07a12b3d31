import { fileUri, type StoredFile } from '../../domain/file/file.ts'
import { formatJson, isList, type Json, sameJson } from '../../domain/json/json.ts'
import { beginning } from '../../domain/json/whole-text.ts'
import { isSettled, type Occurrence, type Status } from '../../domain/prediction/prediction.ts'
import type { Run } from '../provider.ts'
import type { Seen } from './client.ts'
import { createOutputs, type OutputOptions } from './outputs.ts'
import type { UpstreamPrediction } from './responses.ts'

/** These are times, which we take ourselves. */
const ownMetrics = new Set(['predict_time', 'total_time'])

export interface ReportOptions extends OutputOptions {
  readonly now: () => number
}

export type Report = ReturnType<typeof createReport>

/** Says what became of a run since it was last looked at. */
export function createReport(run: Run, service: string, options: ReportOptions) {
  const { now, answers } = options
  const outputs = createOutputs(run, options)
  const { nullable: mayBeNull, iterator: iterates } = run.version.schema.output
  /** What we say in the logs ourselves, before what the service has in them. */
  let notes = ''
  let output: Json = null
  /** Whether that refers to a file of ours, which holds all of it. */
  let isWhole = false
  const streamed: Json[] = []
  let files: readonly StoredFile[] = []
  let logs = ''
  let begun = false

  function* began(): Generator<Occurrence> {
    if (begun) return
    begun = true
    yield { type: 'started' }
  }

  /** What the stream has told already may not be in what was asked for. */
  function snapshot(): Extract<Occurrence, { type: 'observed' }> {
    const asked = isList(output) ? output.length : 0
    const most = streamed.length > asked && !isWhole ? [...streamed] : output
    return { type: 'observed', output: most, files, logs: notes + logs }
  }

  /** An output that is kept as a file already. */
  async function* whole({ large }: Seen): AsyncGenerator<Occurrence> {
    if (!large) return
    const spilled = await answers.spilled(large)
    const uris = spilled.files.slice(-1).map(fileUri)
    output = iterates ? uris : (uris[0] ?? null)
    files = spilled.files
    isWhole = true
    yield spilled
  }

  async function* looked(upstream: Seen): AsyncGenerator<Occurrence> {
    const settled = isSettled(upstream)
    if (hasBegun[upstream.status]) yield* began()
    else if (!settled) return
    const fresh = upstream.logs ?? ''
    const kept = await outputs.kept(upstream.output ?? null)
    const changed = fresh !== logs || !sameJson(kept.output ?? output, output)
    // What was made stays, also when the run fails, or the service has removed it in the meantime.
    if (kept.output !== null) {
      output = kept.output
      files = kept.files
    }
    logs = fresh
    if (settled) notes += lostNotes(outputs.lost(), service)
    const last = settled && kept.output !== null
    if (changed || settled) yield last ? { ...snapshot(), output, last } : snapshot()
    const metrics = Object.entries(upstream.metrics ?? {}).filter(([name]) => !ownMetrics.has(name))
    yield* whole(upstream)
    if (metrics.length > 0) yield { type: 'measured', metrics: Object.fromEntries(metrics) }
  }

  function* ended(upstream: UpstreamPrediction): Generator<Occurrence> {
    const { reason, cause } = reasonOf(upstream.error, service)
    switch (upstream.status) {
      case 'starting':
      case 'processing':
        return
      case 'succeeded':
        if (output !== null || (mayBeNull && !upstream.data_removed)) yield { type: 'succeeded' }
        else yield { type: 'failed', error: emptySentence(upstream, service) }
        return
      case 'failed':
        if (cause !== null) yield* noted(cause)
        yield {
          type: 'failed',
          error: reason ?? `It failed at ${service} without an error message.`,
        }
        return
      case 'canceled':
        if (!isOverdue(upstream, now())) return yield { type: 'canceled' }
        // One that had not begun when its time was up would be aborted.
        yield* began()
        return yield { type: 'expired', error: `${service} ended it because it timed out.` }
      case 'aborted':
        yield { type: 'expired', error: reason ?? abortedSentence() }
    }
  }

  /** One that made something had begun, whatever its status says. */
  function abortedSentence(): string {
    return begun || output !== null || streamed.length > 0
      ? `${service} ended it because it timed out.`
      : `${service} ended it before it started.`
  }

  /** Adds a line of our own to the logs. */
  function* noted(line: string): Generator<Occurrence> {
    notes += `${line.trimEnd()}\n`
    yield snapshot()
  }

  return {
    noted,
    looked,
    ended,
    /** Text that the stream told. */
    *written(chunks: readonly string[]): Generator<Occurrence> {
      yield* began()
      yield { type: 'emitted', index: streamed.length, chunks }
      for (const chunk of chunks) streamed.push(chunk)
    },
    /** Fails, with what the service said about it in the logs. */
    *failed(error: string, raw = ''): Generator<Occurrence> {
      if (raw !== '') yield* noted(raw)
      yield { type: 'failed', error }
    },
  }
}

const hasBegun: Readonly<Record<Status, boolean>> = {
  starting: false,
  processing: true,
  succeeded: true,
  failed: true,
  canceled: false,
  aborted: false,
}

function emptySentence({ data_removed: removed }: UpstreamPrediction, service: string): string {
  return removed
    ? `${service} deleted the output before it was fetched.`
    : `It ended at ${service} without a result.`
}

function isOverdue({ deadline }: UpstreamPrediction, now: number): boolean {
  const at = Date.parse(deadline ?? '')
  return !Number.isNaN(at) && at <= now
}

/** The service's reason as a sentence, and the whole of it when that is more. */
function reasonOf(error: Json | undefined, service: string) {
  if (error === undefined || error === null || error === '') return { reason: null, cause: null }
  if (typeof error !== 'string')
    return { reason: `It failed at ${service}.`, cause: formatJson(error) }
  const text = error.trim()
  return { reason: beginning(text, 1_000), cause: text.length > 1_000 ? text : null }
}

function lostNotes(lost: ReadonlyMap<string, string>, service: string): string {
  const lines = [...lost].map(
    ([address, why]) =>
      `A file could not be copied (${why}) ${service} keeps it for an hour after the run: ${address.slice(0, 2_000)}\n`,
  )
  return lines.join('')
}
