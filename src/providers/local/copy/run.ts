import { mostLevels, nestsTooDeep } from '../../../domain/json/bounds.ts'
import { beginning } from '../../../domain/json/excerpt.ts'
import type { Json } from '../../../domain/json/json.ts'
import { isLarge } from '../../../domain/output/large-output.ts'
import type { Progress } from '../../../domain/prediction/prediction.ts'
import type { Batch, FromCopy, MadeFile, ToCopy } from '../protocol.ts'
import { createCalls } from './calls.ts'
import type { AnyModel, RunContext } from './define-model.ts'
import { createRunFiles } from './files.ts'
import { logLine, type Outbox } from './outbox.ts'
import { yields } from './schemas.ts'
import { createSeed } from './seed.ts'

const maxLabelUnits = 200

export type RunMessage = Extract<ToCopy, { type: 'run' }>

/** How a run sends messages to the server. */
export interface RunChannel {
  readonly outbox: Outbox
  readonly send: (message: FromCopy) => void
}

/** Runs the model once; `finished` rejects with what the model threw. */
export function startRun(model: AnyModel, message: RunMessage, input: Json, channel: RunChannel) {
  const { outbox, send } = channel
  const controller = new AbortController()
  const files = createRunFiles(message)
  const calls = createCalls(files, send)
  const seed = createSeed(outbox)
  let over = false
  const context: RunContext = {
    signal: controller.signal,
    file: files.create,
    run: calls.run,
    get folder() {
      return files.ownFolder()
    },
    seed: seed.get,
    log(...parts) {
      if (!over) outbox.log(logLine(parts))
    },
    progress(progress) {
      if (!over) outbox.progress(plainProgress(progress))
    },
  }

  /** Resolves with the last batch, which is not sent yet. */
  async function run(): Promise<Batch | null> {
    const parsed = await model.input.safeParseAsync(bare(files.receive(input)))
    if (!parsed.success) throw new Error(`The input is not valid: ${sentence(parsed.error)}`)
    seed.read(parsed.data)
    const result = await model.run(parsed.data as never, context)
    if (!isGenerator(result)) await deliver(result, keep)
    else if (yields(model)) await deliverAll(result)
    else throw new Error('The model returned a generator. Write `async *run`')
    return outbox.rest()
  }

  async function deliverAll(items: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
    for await (const item of items) {
      if (controller.signal.aborted) return
      await deliver(item, outbox.deliver)
    }
  }

  /** An output that is too large for a message goes into a file. */
  function keep(value: Json, made: readonly MadeFile[]): void {
    if (!isLarge(value)) outbox.keep(value, made)
    else outbox.keepWhole(files.spill(value), made)
  }

  async function deliver(item: unknown, into: typeof outbox.deliver | typeof keep) {
    if (nestsTooDeep(item))
      throw new Error(
        `The model’s output is nested too deeply. The maximum is ${mostLevels} levels.`,
      )
    const parsed = await model.output.safeParseAsync(item)
    if (!parsed.success)
      throw new Error(`The model’s output does not match its schema: ${sentence(parsed.error)}`)
    const sent = await files.send(parsed.data)
    if (sent.value !== undefined) await into(sent.value, sent.made)
  }

  const finished = run().finally(() => {
    over = true
  })
  return { finished, answer: calls.answer, cancel: () => controller.abort() }
}

/** Without inherited members: an input may be called `constructor`, and be left out. */
function bare(input: unknown): unknown {
  return typeof input === 'object' ? Object.assign(Object.create(null), input) : input
}

/** Models in JavaScript may pass values of any type. */
function plainProgress(said: Parameters<RunContext['progress']>[0]): Progress {
  const { fraction, label, eta } =
    typeof said === 'object' && said !== null ? said : { fraction: said }
  return {
    ...(isNumber(fraction) ? { fraction: Math.min(Math.max(fraction, 0), 1) } : {}),
    ...(label === undefined ? {} : { label: beginning(String(label), maxLabelUnits) }),
    ...(isNumber(eta) ? { eta: Math.max(eta, 0) } : {}),
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isGenerator(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    /Generator/.test(Object.prototype.toString.call(value))
  )
}

function sentence(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }) {
  const [issue] = error.issues
  const path = issue?.path.map(String).join('.')
  return path ? `${path}: ${issue?.message}` : (issue?.message ?? 'it is not what was asked for')
}
