import { isList, isObject, type Json } from '../../../domain/json/json.ts'
import { isLarge } from '../../../domain/output/large-output.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { validationError } from '../../../domain/schema/validator.ts'
import type { ValueSchema } from '../../../domain/schema/value-schema.ts'
import { createBoundedLog } from '../../bounded-log.ts'
import type { Run } from '../../provider.ts'
import type { LargeOutputFile, ResponseReader } from '../../response-reader.ts'
import type { CogLimits } from '../limits.ts'
import type { CogOutputs } from './outputs.ts'

export type CogReporter = ReturnType<typeof createCogReporter>

/**
 * Reports the output and logs of a run by position, so that each part is reported once, even if
 * the container sends it several times or out of order.
 */
export function createCogReporter(
  run: Run,
  outputs: CogOutputs,
  responses: ResponseReader,
  limits: CogLimits,
) {
  const schema = run.version.schema
  const { iterator, items } = schema.output
  let chunks = run.known.chunks
  /** How much of the container's logs is reported. */
  let printed = run.known.logs
  /** Whether a validationError was said already. */
  let hasNotedMisfit = false

  const logged = createBoundedLog(limits.maxLogUnits, run.known.logs)
  let isLineOpen = false

  function* write(text: string): Generator<Occurrence> {
    if (text !== '') isLineOpen = !text.endsWith('\n')
    yield* logged(text)
  }

  /** Adds a line of our own to the logs, after the model's last line. */
  function* note(line: string): Generator<Occurrence> {
    yield* write(`${isLineOpen ? '\n' : ''}${line}\n`)
  }

  /** Reports one chunk unchanged, even if it does not fit the model's schema. */
  async function* emit(value: Json, as = schema.output): AsyncGenerator<Occurrence> {
    const stored = await outputs.store(value, as)
    for (const line of stored.notes) yield* note(line)
    yield { type: 'emitted', index: chunks, chunks: [stored.value], files: stored.files }
    chunks++
    yield* noteMisfit(stored.value, as)
  }

  /** Notes in the logs, once, that the output does not fit the model's schema. */
  function* noteMisfit(value: Json, as: ValueSchema): Generator<Occurrence> {
    // A large output is not validated only for a note.
    const wrong = hasNotedMisfit || isLarge(value) ? null : misfitOf(value, as)
    if (wrong === null) return
    hasNotedMisfit = true
    yield* note(`The output does not fit the model's schema: ${wrong}`)
  }

  /** Many schemas do not declare that an optional value may be null, so null always fits. */
  function misfitOf(value: Json, as: ValueSchema): string | null {
    const wrong = value === null ? null : validationError(value, as, schema)
    return wrong === null || validationError(withoutNulls(value), as, schema) === null
      ? null
      : wrong
  }

  /** Reports the new items of an iterator's output. */
  async function* outputSoFar(made: Json): AsyncGenerator<Occurrence> {
    if (iterator && isList(made)) for (const item of made.slice(chunks)) yield* emit(item, items)
  }

  /** Reports the rest of a complete output. */
  async function* output(made: Json): AsyncGenerator<Occurrence> {
    if (iterator && isList(made)) yield* outputSoFar(made)
    else if (made !== null && chunks === 0) yield* emit(made)
  }

  return {
    output,
    /** Reports an output that is in a file. */
    async *largeOutput(output: LargeOutputFile): AsyncGenerator<Occurrence> {
      yield await responses.spill(output)
    },
    outputSoFar,
    /** Whether there are files in an output. */
    hasFiles: (made: Json): boolean => outputs.hasFiles(made, schema.output),
    /** Reports an item; ignores one that is known, or whose predecessor is missing. */
    async *item(index: number, value: Json): AsyncGenerator<Occurrence> {
      if (iterator && index === chunks) yield* emit(value, items)
    },
    /** Reports more log text. */
    *log(text: string): Generator<Occurrence> {
      printed += text.length
      yield* write(text)
    },
    /** Reports what is new in all logs so far. */
    *logsSoFar(logs: string): Generator<Occurrence> {
      const fresh = logs.slice(printed)
      printed = Math.max(printed, logs.length)
      yield* write(fresh)
    },
    note,
  }
}

function withoutNulls(json: Json): Json {
  if (isList(json)) return json.filter((item) => item !== null).map(withoutNulls)
  if (!isObject(json)) return json
  const given = Object.entries(json).filter(([, value]) => value !== null)
  return Object.fromEntries(given.map(([key, value]) => [key, withoutNulls(value)]))
}
