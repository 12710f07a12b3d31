import { isList, type Json, parseJson } from '../../../domain/json/json.ts'
import { type Excerpt, wholeName } from '../../../domain/output/large-output.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { createBoundedLog } from '../../bounded-log.ts'
import type { Run } from '../../provider.ts'
import type { LocalLimits } from '../limits.ts'
import type { Batch, SpilledOutput } from '../protocol.ts'
import { storeFile, storeFiles } from './run.ts'

export type LocalReporter = ReturnType<typeof createLocalReporter>

/** Reports the output, logs and progress of a run, each part by its position. */
export function createLocalReporter(run: Run, { maxOutputUnits, maxLogUnits }: LocalLimits) {
  let items = 0
  let outputUnits = 0
  const log = createBoundedLog(maxLogUnits)

  /** An output that is in a file. */
  async function spilled(whole: SpilledOutput, made: Batch['made']): Promise<Occurrence> {
    const files = await storeFiles(made, run)
    const excerpt = parseJson(whole.excerpt) as unknown as Excerpt
    const file = await storeFile({ path: whole.path, name: wholeName(excerpt) }, run)
    return { type: 'spilled', excerpt: { ...excerpt, ref: file.ref }, files: [...files, file] }
  }

  async function emitted(batch: Batch): Promise<Occurrence> {
    const parsed = parseJson(batch.chunks)
    const chunks: readonly Json[] = isList(parsed) ? parsed : []
    const files = await storeFiles(batch.made, run)
    const index = items
    items += chunks.length
    return { type: 'emitted', index, chunks, files }
  }

  return {
    /** Reports log text. */
    log: (text: string): readonly Occurrence[] => [...log(text)],
    /** Counts a batch; a sentence when the output exceeds its limit with it, else null. */
    tooLarge: (batch: Batch): string | null => {
      outputUnits += batch.chunks.length + (batch.whole?.size ?? 0)
      return outputUnits <= maxOutputUnits
        ? null
        : `The output is larger than ${Math.round(maxOutputUnits / 2 ** 20)} MB.`
    },
    /** Reports the output and the progress of a batch. Throws `FileNotMade`. */
    async made(batch: Batch): Promise<readonly Occurrence[]> {
      const occurrences: Occurrence[] = []
      if (batch.whole) occurrences.push(await spilled(batch.whole, batch.made))
      else if (batch.chunks !== '') occurrences.push(await emitted(batch))
      if (batch.progress) occurrences.push({ type: 'progressed', progress: batch.progress })
      return occurrences
    },
  }
}
