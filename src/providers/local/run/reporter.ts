import { isList, type Json, parseJson } from '../../../domain/json/json.ts'
import { type Excerpt, wholeName } from '../../../domain/output/large-output.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { createBoundedLog } from '../../bounded-log.ts'
import type { Run } from '../../provider.ts'
import type { LocalLimits } from '../limits.ts'
import type { Batch, SpilledOutput } from '../protocol.ts'
import { storeFile, storeFiles } from './files.ts'

export type LocalReporter = ReturnType<typeof createLocalReporter>

/** Reports the output, logs and progress of a run, each part by its position. */
export function createLocalReporter(run: Run, { maxOutputUnits, maxLogUnits }: LocalLimits) {
  let items = 0
  let outputUnits = 0
  const log = createBoundedLog(maxLogUnits)

  /** Reports an output that is in a file. */
  async function* spill(whole: SpilledOutput, made: Batch['made']): AsyncGenerator<Occurrence> {
    const files = await storeFiles(made, run)
    const excerpt = parseJson(whole.excerpt) as unknown as Excerpt
    const file = await storeFile({ path: whole.path, name: wholeName(excerpt) }, run)
    yield { type: 'spilled', excerpt: { ...excerpt, ref: file.ref }, files: [...files, file] }
  }

  async function* emit(batch: Batch): AsyncGenerator<Occurrence> {
    const parsed = parseJson(batch.chunks)
    const chunks: readonly Json[] = isList(parsed) ? parsed : []
    const files = await storeFiles(batch.made, run)
    yield { type: 'emitted', index: items, chunks, files }
    items += chunks.length
  }

  return {
    log,
    /** Counts a batch; a sentence when the output exceeds its limit with it, else null. */
    tooLarge: (batch: Batch): string | null => {
      outputUnits += batch.chunks.length + (batch.whole?.size ?? 0)
      return outputUnits <= maxOutputUnits
        ? null
        : `The output is larger than ${Math.round(maxOutputUnits / 2 ** 20)} MB.`
    },
    /** Reports a batch. Throws `FileNotMade`. */
    async *batch(batch: Batch): AsyncGenerator<Occurrence> {
      yield* log(batch.logs)
      if (batch.whole) yield* spill(batch.whole, batch.made)
      else if (batch.chunks !== '') yield* emit(batch)
      if (batch.progress) yield { type: 'progressed', progress: batch.progress }
    },
  }
}
