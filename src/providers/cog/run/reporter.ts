import { isList, isObject, type Json } from '../../../domain/json/json.ts'
import { isLarge } from '../../../domain/output/large-output.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { validationError } from '../../../domain/schema/validator.ts'
import type { ValueSchema } from '../../../domain/schema/value-schema.ts'
import { createBoundedLog } from '../../bounded-log.ts'
import type { Run } from '../../provider.ts'
import type { LargeOutput, ResponseReader } from '../../response-reader.ts'
import type { CogLimits } from '../limits.ts'
import type { CogOutputs } from './outputs.ts'

export type CogReporter = ReturnType<typeof createCogReporter>

/**
 * Counts what a run has made and printed, so that each part is reported by its position, once,
 * however often and in whatever order a container tells it.
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
  /** How much of what the container printed is reported. */
  let printed = run.known.logs
  /** Whether a validationError was said already. */
  let saidMisfit = false

  const logged = createBoundedLog(limits.maxLogUnits, run.known.logs)
  let isLineOpen = false

  function* write(text: string): Generator<Occurrence> {
    if (text !== '') isLineOpen = !text.endsWith('\n')
    yield* logged(text)
  }

  /** A line of ours, which does not go on with one of the model's. */
  function* note(line: string): Generator<Occurrence> {
    yield* write(`${isLineOpen ? '\n' : ''}${line}\n`)
  }

  /** Reports one chunk. It is kept as it was made, whatever the model's schema promised. */
  async function* emit(value: Json, as = schema.output): AsyncGenerator<Occurrence> {
    const kept = await outputs.store(value, as)
    for (const line of kept.notes) yield* note(line)
    yield { type: 'emitted', index: chunks, chunks: [kept.value], files: kept.files }
    chunks++
    yield* noteMisfit(kept.value, as)
  }

  /** Says once, in the logs, that the output is not what the model's schema promises. */
  function* noteMisfit(value: Json, as: ValueSchema): Generator<Occurrence> {
    // What is larger than belongs with a prediction is not read through for the sake of a note.
    const wrong = saidMisfit || isLarge(value) ? null : misfitOf(value, as)
    if (wrong === null) return
    saidMisfit = true
    yield* note(`The output does not fit the model's schema: ${wrong}`)
  }

  /** Many schemas do not say that an optional value may be null, so null fits where none is asked for. */
  function misfitOf(value: Json, as: ValueSchema): string | null {
    const wrong = value === null ? null : validationError(value, as, schema)
    return wrong === null || validationError(withoutNulls(value), as, schema) === null
      ? null
      : wrong
  }

  /** Reports what is new of a list that grows. */
  async function* outputSoFar(made: Json): AsyncGenerator<Occurrence> {
    if (iterator && isList(made)) for (const item of made.slice(chunks)) yield* emit(item, items)
  }

  /** Reports what is new of a whole output. */
  async function* output(made: Json): AsyncGenerator<Occurrence> {
    if (iterator && isList(made)) yield* outputSoFar(made)
    else if (made !== null && chunks === 0) yield* emit(made)
  }

  return {
    output,
    /** An output that is in a file already. */
    async *largeOutput(output: LargeOutput): AsyncGenerator<Occurrence> {
      yield await responses.spill(output)
    },
    outputSoFar,
    /** An item by its place; one that is known, or too early, is passed over. */
    async *item(index: number, value: Json): AsyncGenerator<Occurrence> {
      if (iterator && index === chunks) yield* emit(value, items)
    },
    /** More of what the container prints. */
    *log(text: string): Generator<Occurrence> {
      printed += text.length
      yield* write(text)
    },
    /** All that the container has printed so far. */
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
