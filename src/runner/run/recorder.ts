import { isList, type Json } from '../../domain/json/json.ts'
import type { Version } from '../../domain/model/model.ts'
import { isLarge } from '../../domain/output/large-output.ts'
import type { Occurrence } from '../../domain/prediction/event.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { secretTexts } from '../../domain/schema/secrets.ts'
import type { Journal } from '../journal/journal.ts'
import { extractInlineFiles } from './inline-files.ts'
import type { KeepFile } from './json-spool.ts'
import { createOccurrenceFilter } from './occurrence-filter.ts'
import { storeOutput } from './output-file.ts'
import { createSpilledList, type Emitted } from './spilled-list.ts'

interface RecorderOptions {
  readonly journal: Pick<Journal, 'record'>
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
    for (const one of occurrences) await journal.record(prediction.id, { ...one, at: now() })
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

type Observed = Extract<Occurrence, { type: 'observed' }>

/** Moves an output that is too large for its prediction into a file, while it is made. */
export function createSpill(prediction: Prediction, keep: KeepFile) {
  const { iterates } = prediction
  const known = prediction.excerpt === null && isList(prediction.output) ? prediction.output : []
  const list = iterates ? createSpilledList(known, keep) : null
  let lastSmall: Json = prediction.output

  async function spillValue(occurrence: Emitted): Promise<readonly Occurrence[]> {
    const chunk = occurrence.chunks.at(-1) ?? null
    if (!isLarge(chunk)) return [occurrence]
    const { value, files: extracted } = await extractInlineFiles(chunk, keep)
    const files = [...(occurrence.files ?? []), ...extracted]
    if (!isLarge(value)) return [{ ...occurrence, chunks: [value], files }]
    const { file, excerpt } = await storeOutput(value, keep)
    return [{ type: 'spilled', excerpt, files: [...files, file] }]
  }

  /** Each snapshot replaces the one before, so only the last is stored. */
  async function spillSnapshot(occurrence: Observed): Promise<readonly Occurrence[]> {
    const { output, files = [] } = occurrence
    if (!isLarge(output)) {
      lastSmall = output
      return [occurrence]
    }
    if (!occurrence.last) return [{ ...occurrence, output: lastSmall }]
    const { file, excerpt } = await storeOutput(output, keep)
    return [
      { ...occurrence, output: lastSmall, files },
      { type: 'spilled', excerpt, files: [...files, file] },
    ]
  }

  return {
    /** The occurrences to record in place of this one. */
    async push(occurrence: Occurrence): Promise<readonly Occurrence[]> {
      switch (occurrence.type) {
        case 'emitted':
          return list ? list.add(occurrence) : spillValue(occurrence)
        case 'observed':
          return spillSnapshot(occurrence)
        case 'spilled':
          await list?.abort()
          return [occurrence]
        case 'succeeded':
        case 'failed':
        case 'canceled':
        case 'expired':
          return [...((await list?.end()) ?? []), occurrence]
        default:
          return [occurrence]
      }
    },
    /** Completes the file. Does nothing after an occurrence that ended the run. */
    end: async (): Promise<readonly Occurrence[]> => (await list?.end()) ?? [],
  }
}
