import type { Version } from '../../domain/model/model.ts'
import type { Occurrence } from '../../domain/prediction/event.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { secretTexts } from '../../domain/schema/secrets.ts'
import type { Journal } from '../journal/journal.ts'
import type { KeepFile } from './json-spool.ts'
import { createOccurrenceFilter } from './occurrence-filter.ts'
import { createSpill } from './spill.ts'

interface RecorderOptions {
  readonly journal: Pick<Journal, 'advance'>
  readonly now: () => number
  readonly keepFile: KeepFile
}

/** Records in the journal what a provider reports of one run: without secrets, and large outputs as files. */
export function createRecorder(
  prediction: Prediction,
  { schema }: Version,
  { journal, now, keepFile }: RecorderOptions,
) {
  const filter = createOccurrenceFilter(secretTexts(schema, prediction.input))
  const spill = createSpill(prediction, keepFile)

  async function advance(occurrences: readonly Occurrence[]): Promise<void> {
    for (const one of occurrences) await journal.advance(prediction.id, { ...one, at: now() })
  }

  return {
    /** Resolves when the next occurrence can be taken. */
    async record(occurrence: Occurrence): Promise<void> {
      for (const one of filter.push(occurrence)) await advance(await spill.push(one))
    },
    /** Records what is held back: the end of the logs, and a file that is being written. */
    async end(): Promise<void> {
      await advance(filter.end())
      await advance(await spill.end())
    },
  }
}
