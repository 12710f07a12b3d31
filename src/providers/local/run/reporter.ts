import { isList, type Json, parseJson } from '../../../domain/json/json.ts'
import { type Excerpt, wholeName } from '../../../domain/output/large-output.ts'
import type { Occurrence } from '../../../domain/prediction/prediction.ts'
import { createBoundedLog } from '../../bounded-log.ts'
import type { Run } from '../../provider.ts'
import type { LocalLimits } from '../limits.ts'
import type { Batch, WholeOutput } from '../protocol.ts'
import { keepFile, keepFiles } from './files.ts'

export type Tally = ReturnType<typeof createTally>

/** Counts what a run has made, so that each part is reported by its position. */
export function createTally(run: Run, { maxOutputUnits, maxLogUnits }: LocalLimits) {
  let items = 0
  let outputUnits = 0
  const logged = createBoundedLog(maxLogUnits)

  /** An output that came in a file. */
  async function* spilled(whole: WholeOutput, made: Batch['made']): AsyncGenerator<Occurrence> {
    const files = await keepFiles(made, run)
    const excerpt = parseJson(whole.excerpt) as unknown as Excerpt
    const file = await keepFile({ path: whole.path, name: wholeName(excerpt) }, run)
    yield { type: 'spilled', excerpt: { ...excerpt, ref: file.ref }, files: [...files, file] }
  }

  async function* emitted(batch: Batch): AsyncGenerator<Occurrence> {
    const parsed = parseJson(batch.chunks)
    const chunks: readonly Json[] = isList(parsed) ? parsed : []
    const files = await keepFiles(batch.made, run)
    yield { type: 'emitted', index: items, chunks, files }
    items += chunks.length
  }

  return {
    logged,
    /** Why no more of the output is taken; null while there is room. */
    tooLarge: (batch: Batch): string | null => {
      outputUnits += batch.chunks.length + (batch.whole?.size ?? 0)
      return outputUnits <= maxOutputUnits
        ? null
        : `The output is larger than ${Math.round(maxOutputUnits / 2 ** 20)} MB.`
    },
    async *occurrences(batch: Batch): AsyncGenerator<Occurrence> {
      yield* logged(batch.logs)
      if (batch.whole) yield* spilled(batch.whole, batch.made)
      else if (batch.chunks !== '') yield* emitted(batch)
      if (batch.progress) yield { type: 'progressed', progress: batch.progress }
    },
  }
}
