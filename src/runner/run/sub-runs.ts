import { fileUri } from '../../domain/file/file.ts'
import { readInput } from '../../domain/form/input.ts'
import type { InputError } from '../../domain/form/input-error.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName, parseModelRef, sameModel } from '../../domain/model-ref.ts'
import { wholeFile } from '../../domain/output/large-output.ts'
import type { Quota } from '../../domain/people/quota.ts'
import { quotaSentence } from '../../domain/people/quota-words.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { may } from '../../domain/policy.ts'
import { hasSucceeded, isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { ModelCall, ModelCalled } from '../../providers/provider.ts'
import type { Started, StartRequest } from '../acceptance.ts'
import type { Journal } from '../journal/journal.ts'

export interface SubRunOptions {
  readonly journal: Journal
  findModel(ref: ModelRef): Promise<Model | null>
  /** The viewer that an account is now. */
  viewerOf(account: string): Promise<Viewer>
  start(request: StartRequest): Promise<Started>
  /** The limits of the maker of a prediction. */
  quotaOf(id: string): Promise<Quota | null>
  cancel(id: string): Promise<void>
  /** Resolves once it is settled, or the signal aborts. */
  ended(id: string, signal: AbortSignal): Promise<Prediction | null>
}

/** The most sub-runs that one run may start. */
const mostCalls = 500

export type SubRuns = ReturnType<typeof createSubRuns>

/** Runs that a model starts while it runs. Each is a prediction of its own, canceled when its parent ends. */
export function createSubRuns(options: SubRunOptions) {
  const { journal, start, cancel, ended } = options

  // The page of a run shows its sub-runs.
  journal.listenToSaves((_, { parent }) => {
    if (parent !== null) journal.alter(parent)
  })

  async function request(parent: Prediction, call: ModelCall) {
    const read = await readCall(parent, call, options)
    if ('error' in read) return read
    const { createdBy, account, source, id } = parent
    // It may have changed since the parent began to run.
    const { visibility } = (await journal.find(id)) ?? parent
    const own = { createdBy, account, source, visibility, formKey: null, parent: id }
    const started = await start({ ...read, ...own, quota: await options.quotaOf(createdBy) })
    if (started.ok) return started.prediction
    if (started.reason === 'quota') return refused(quotaSentence(started.exceeded))
    return refused(`${call.model} is not accepting predictions at the moment.`)
  }

  async function run(
    parent: Prediction,
    call: ModelCall,
    signal: AbortSignal,
  ): Promise<ModelCalled> {
    const child = await request(parent, call)
    if ('ok' in child) return child
    journal.alter(parent.id)
    const settled = await ended(child.id, signal)
    if (settled && isSettled(settled)) return resultOf(settled)
    await cancel(child.id)
    return refused('It was canceled.')
  }

  return {
    /** Lets one run start others. `end` cancels those that are still running, and waits for them. */
    open(parent: Prediction, signal: AbortSignal) {
      // Most runs start no others.
      let parentEnded: AbortController | null = null
      const underWay = new Set<Promise<ModelCalled>>()
      let calls = 0
      return {
        async runModel(call: ModelCall): Promise<ModelCalled> {
          calls++
          if (calls > mostCalls) return refused(`It started more than ${mostCalls} sub-runs.`)
          parentEnded ??= new AbortController()
          const running = run(parent, call, AbortSignal.any([signal, parentEnded.signal]))
          underWay.add(running)
          return running
        },
        async end(): Promise<void> {
          if (!parentEnded) return
          parentEnded.abort()
          await Promise.allSettled(underWay)
        },
      }
    },
  }
}

/** The model and the input of a call, or why it is refused. */
async function readCall(
  parent: Prediction,
  { model: name, input, files }: ModelCall,
  { findModel, viewerOf, journal }: SubRunOptions,
) {
  const ref = parseModelRef(name)
  const model = ref && (await findModel(ref))
  // A model runs those of its owner, whoever runs it.
  const isAllowed =
    model?.visibility === 'public' ||
    model?.ref.owner === parent.model.owner ||
    (model && may(await viewerOf(parent.createdBy), 'run', { model }))
  if (!model || !isAllowed) return refused(`There is no model ${name}.`)
  if (model.broken !== null) return refused(`${name} cannot run: ${model.broken}`)
  if (await isWaitedFor(model.ref, parent, journal))
    return refused(`${name} is already waiting for this run, so this run cannot wait for it.`)
  const byUri = new Map(files.map((file) => [fileUri(file), file]))
  const read = readInput(model.version.schema, input, byUri)
  if (!read.ok) return refused(`${name}: ${read.errors.map(sentenceOf).join(' ')}`)
  return { model, input: read.input, files: read.files }
}

/** Whether a run of the model waits for this prediction. If this one waited for the model in turn, neither would end. */
async function isWaitedFor(
  ref: ModelRef,
  prediction: Prediction | null,
  journal: Journal,
): Promise<boolean> {
  if (!prediction) return false
  if (sameModel(prediction.model, ref)) return true
  const { parent } = prediction
  return parent !== null && isWaitedFor(ref, await journal.find(parent), journal)
}

function sentenceOf({ field, description }: InputError): string {
  return `${field.replace(/^input\.?/, '')}: ${description}.`.replace(/^: /, '')
}

function refused(error: string) {
  return { ok: false, error } as const
}

function resultOf(settled: Prediction): ModelCalled {
  const { output, files, error, excerpt } = settled
  if (hasSucceeded(settled)) return { ok: true, output, files, whole: wholeFile(excerpt, files) }
  return refused(`${modelName(settled.model)}: ${error ?? 'it was canceled.'}`)
}
