import { fileUri } from '../domain/file/file.ts'
import { type InputError, readInput } from '../domain/form/input.ts'
import type { Model } from '../domain/model/model.ts'
import { type ModelRef, modelName, parseModelRef, sameModel } from '../domain/model-ref.ts'
import { wholeFile } from '../domain/output/large-output.ts'
import { hasSucceeded, isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import type { ModelCall, ModelCalled } from '../providers/provider.ts'
import type { StartRequest } from './acceptance.ts'
import type { Journal } from './journal.ts'

export interface ChainOptions {
  readonly journal: Journal
  findModel(ref: ModelRef): Promise<Model | null>
  start(request: StartRequest): Promise<{ ok: true; prediction: Prediction } | { ok: false }>
  cancel(id: string): Promise<void>
  /** Resolves once it is settled, or the signal aborts. */
  ended(id: string, signal: AbortSignal): Promise<Prediction | null>
}

/** A run asks for no more than this of other models. */
const mostCalls = 500

export type Chains = ReturnType<typeof createChains>

/** Runs that a model asks for while it runs: predictions of their own, which end with it. */
export function createChains({ journal, findModel, start, cancel, ended }: ChainOptions) {
  /** How often what was asked for by a prediction has changed, while it runs. */
  const changes = new Map<string, number>()
  const parents = new Map<string, string>()

  journal.listen((id) => {
    const parent = parents.get(id)
    if (parent === undefined) return
    changes.set(parent, (changes.get(parent) ?? 0) + 1)
    journal.notify(parent)
  })

  /** The models whose runs wait for this one: asking for one of them again would wait for ever. */
  async function isWaitedFor(ref: ModelRef, prediction: Prediction | null): Promise<boolean> {
    if (!prediction) return false
    if (sameModel(prediction.model, ref)) return true
    return prediction.parent !== null && isWaitedFor(ref, await journal.find(prediction.parent))
  }

  async function ask(parent: Prediction, { model: name, input, files }: ModelCall) {
    const ref = parseModelRef(name)
    const model = ref && (await findModel(ref))
    if (!model) return refuse(`There is no model ${name}.`)
    if (model.broken !== null) return refuse(`${name} cannot run: ${model.broken}`)
    if (await isWaitedFor(model.ref, parent))
      return refuse(`${name} is already waiting for this run, so this run cannot wait for it.`)
    const named = new Map(files.map((file) => [fileUri(file), file]))
    const read = readInput(model.version.schema, input, named)
    if (!read.ok) return refuse(`${name}: ${read.errors.map(sentenceOf).join(' ')}`)
    const { createdBy, source, id } = parent
    const asked = {
      model,
      input: read.input,
      files: read.files,
      createdBy,
      source,
      formKey: null,
      parent: id,
    }
    const started = await start(asked)
    return started.ok
      ? started.prediction
      : refuse(`${name} is not accepting predictions at the moment.`)
  }

  async function run(
    parent: Prediction,
    call: ModelCall,
    signal: AbortSignal,
  ): Promise<ModelCalled> {
    const asked = await ask(parent, call)
    if ('ok' in asked) return asked
    parents.set(asked.id, parent.id)
    journal.notify(asked.id)
    try {
      const made = await ended(asked.id, signal)
      if (made && isSettled(made)) return outcome(made)
      await cancel(asked.id)
      return refuse('It was canceled.')
    } finally {
      parents.delete(asked.id)
    }
  }

  return {
    /** How often what this prediction asked for has changed since it began to run. */
    changesUnder: (id: string): number => changes.get(id) ?? 0,

    /** What one run may ask for; `end` cancels what is left of it, and waits until that is gone. */
    open(parent: Prediction, signal: AbortSignal) {
      const over = new AbortController()
      const either = AbortSignal.any([signal, over.signal])
      const underWay = new Set<Promise<ModelCalled>>()
      let calls = 0
      return {
        runModel(call: ModelCall): Promise<ModelCalled> {
          calls++
          if (calls > mostCalls)
            return Promise.resolve(refuse(`It started more than ${mostCalls} sub-runs.`))
          const asked = run(parent, call, either)
          underWay.add(asked)
          return asked
        },
        async end(): Promise<void> {
          over.abort()
          await Promise.allSettled(underWay)
          changes.delete(parent.id)
        },
      }
    },
  }
}

function sentenceOf({ field, description }: InputError): string {
  return `${field.replace(/^input\.?/, '')}: ${description}.`.replace(/^: /, '')
}

function refuse(error: string) {
  return { ok: false, error } as const
}

function outcome(made: Prediction): ModelCalled {
  const { output, files, error, excerpt } = made
  if (hasSucceeded(made)) return { ok: true, output, files, whole: wholeFile(excerpt, files) }
  return refuse(`${modelName(made.model)}: ${error ?? 'it was canceled.'}`)
}
