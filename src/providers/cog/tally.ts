import { isList, type Json } from '../../domain/json.ts'
import type { Occurrence } from '../../domain/prediction.ts'
import { readSchema } from '../../domain/schema.ts'
import { misfit } from '../../domain/validate.ts'
import { createBoundedLog } from '../bounded-log.ts'
import type { Run } from '../provider.ts'
import type { CogLimits } from './limits.ts'
import type { Outputs } from './outputs.ts'

export type Tally = ReturnType<typeof createTally>

/**
 * Counts what a run has made and printed, so that each part is reported by its position, once,
 * however often and in whatever order a container tells it.
 */
export function createTally(run: Run, outputs: Outputs, { maxLogUnits }: CogLimits) {
  const schema = readSchema(run.version.schemas)
  const { iterator, items } = schema.output
  let chunks = run.known.chunks
  /** How much of what the container printed is reported. */
  let printed = run.known.logs

  const written = createBoundedLog(maxLogUnits, run.known.logs)

  /** Reports one chunk; answers what is wrong with it, if anything is. */
  async function* chunk(
    value: Json,
    as = schema.output,
  ): AsyncGenerator<Occurrence, string | null> {
    const kept = await outputs.keep(value, as)
    const wrong = misfit(kept.value, as, schema)
    if (wrong !== null) return wrong
    for (const note of kept.notes) yield* written(`${note}\n`)
    yield { type: 'emitted', index: chunks, chunks: [kept.value], files: kept.files }
    chunks++
    return null
  }

  /** Reports what is new of a whole output; answers what is wrong with it, if anything is. */
  async function* whole(output: Json): AsyncGenerator<Occurrence, string | null> {
    if (output === null) return null
    if (!iterator) return chunks === 0 ? yield* chunk(output) : null
    if (!isList(output)) return misfit(output, schema.output, schema)
    for (const item of output.slice(chunks)) {
      const wrong = yield* chunk(item, items)
      if (wrong !== null) return wrong
    }
    return null
  }

  return {
    whole,
    /** An item by its place; one that is known, or too early, is passed over. */
    async *item(index: number, value: Json): AsyncGenerator<Occurrence, string | null> {
      return iterator && index === chunks ? yield* chunk(value, items) : null
    },
    /** Whether the output grows item by item: only then is a part of it worth telling. */
    grows: iterator,
    /** More of what the container prints. */
    *printed(text: string): Generator<Occurrence> {
      printed += text.length
      yield* written(text)
    },
    /** All that the container has printed so far. */
    *printedAll(logs: string): Generator<Occurrence> {
      const fresh = logs.slice(printed)
      printed = Math.max(printed, logs.length)
      yield* written(fresh)
    },
    /** A line of ours. */
    *noted(line: string): Generator<Occurrence> {
      yield* written(`${line}\n`)
    },
  }
}
