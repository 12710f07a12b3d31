import type { Json } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { createBoundedLog } from '../../bounded-log.ts'
import type { Endpoint } from '../apps/endpoint.ts'
import type { GradioLimits } from '../limits.ts'
import { changed, Misfit } from './changes.ts'
import type { Outputs } from './outputs.ts'
import { filesIn, outputIn } from './values.ts'

export type Reporter = ReturnType<typeof createReporter>

/** An output in between that has files, or is long, is reported at most so often, in milliseconds. */
const previewMs = 1_000
const longUnits = 256 * 1024
/** With files, so many times in all: they are kept. */
const mostPreviews = 30

export interface ReporterOptions {
  readonly outputs: Outputs
  readonly endpoint: Endpoint
  /** Whether each value of a generator after the first has what changed, instead of all. */
  readonly sendsChanges: boolean
  readonly limits: GradioLimits
}

/**
 * Reports the output and the logs of a run. The output of a generator is reported as a snapshot: an app may take
 * back what it made before.
 */
export function createReporter(options: ReporterOptions) {
  const { outputs, endpoint, sendsChanges, limits } = options
  const logged = createBoundedLog(limits.maxLogUnits)
  let logs = ''
  let data: readonly Json[] | null = null
  /** The length of the texts that `data` was made of. */
  let units = 0
  /** Whether `data` is not reported yet. */
  let isFresh = false
  /** Whether a change did not fit, or there were too many, so that the output is known again at the end only. */
  let isUnknown = false
  let previews = 0
  let previewedAt = Number.NEGATIVE_INFINITY

  function* log(text: string): Generator<Occurrence> {
    for (const occurrence of logged(text)) {
      if (occurrence.type === 'logged') logs += occurrence.text
      yield occurrence
    }
  }

  function* note(line: string): Generator<Occurrence> {
    yield* log(`${logs === '' || logs.endsWith('\n') ? '' : '\n'}${line}\n`)
  }

  /** Whether an output in between is to be reported, which may be one of many pictures. */
  function isDue(value: Json): boolean {
    const hasFiles = filesIn(value).length > 0
    if (!hasFiles && units <= longUnits) return true
    const now = performance.now()
    if ((hasFiles && previews === mostPreviews) || now - previewedAt < previewMs) return false
    if (hasFiles) previews++
    previewedAt = now
    return true
  }

  return {
    log,
    note,
    /** Takes a value of a generator: the first has all outputs, each of the others what changed of them. */
    make(made: readonly Json[], length: number): void {
      if (isUnknown) return
      try {
        const before = sendsChanges ? data : null
        units = before ? units + length : length
        if (units > 2 * limits.maxEventUnits) throw new Misfit('the output is too long')
        data = before ? before.map((value, at) => changed(value, made[at] ?? [])) : made
        isFresh = true
      } catch (error) {
        if (!(error instanceof Misfit)) throw error
        isUnknown = true
      }
    },
    /** Reports the newest output in between, unless it is reported already. */
    async *snapshot(): AsyncGenerator<Occurrence> {
      if (!isFresh || data === null) return
      const output = outputIn(data, endpoint)
      if (!isDue(output)) return
      isFresh = false
      const { value, files, notes } = await outputs.store(output)
      for (const line of notes) yield* note(line)
      if (value !== null) yield { type: 'observed', output: value, logs, files }
    },
    /** Reports the output with which the run ended. */
    async *end(made: readonly Json[]): AsyncGenerator<Occurrence> {
      const output = outputIn(made, endpoint)
      if (filesIn(output).length > 0) yield { type: 'entered', phase: 'saving' }
      const { value, files, notes } = await outputs.store(output)
      for (const line of notes) yield* note(line)
      if (data !== null) yield { type: 'observed', output: value, logs, files, last: true }
      else if (value !== null) yield { type: 'emitted', index: 0, chunks: [value], files }
    },
  }
}
