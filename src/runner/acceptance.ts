import { createHash } from 'node:crypto'
import { fileUri, type StoredFile, safeFileName } from '../domain/file/file.ts'
import {
  canonicalJson,
  formatJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
} from '../domain/json/json.ts'
import type { Model } from '../domain/model/model.ts'
import type { Prediction } from '../domain/prediction/prediction.ts'
import { splitSecrets } from '../domain/schema/secrets.ts'
import type { IdempotencyKey } from '../store/store.ts'
import type { RunnerOptions } from './options.ts'
import { keepData } from './run/input-files.ts'

export interface StartRequest {
  readonly model: Model
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
  readonly createdBy: string
  readonly source: Prediction['source']
  /** The hidden key of the form; null when it did not come from one. */
  readonly formKey: string | null
  /** As in `Prediction`; null when left out. */
  readonly deadline?: Prediction['deadline']
  readonly webhook?: Prediction['webhook']
  readonly deployment?: Prediction['deployment']
  readonly parent?: Prediction['parent']
}

/** A prediction that is ready to be accepted. */
export interface Prepared {
  readonly prediction: Prediction
  /** What its input leaves out; null when it has no secrets. */
  readonly sealed: string | null
  readonly idempotency: IdempotencyKey | null
}

/** Presses on Run with one key and one input within this are one press. */
const samePressMs = 10_000

type AcceptanceOptions = Pick<
  RunnerOptions,
  'store' | 'files' | 'maxFileBytes' | 'now' | 'newId' | 'seal'
>

/** Makes a prediction of what somebody asked for: its own files, and its secrets sealed. */
export function createAcceptance(options: AcceptanceOptions) {
  const { store, files, maxFileBytes, now, newId, seal } = options

  async function prepare(request: StartRequest): Promise<Prepared> {
    const { input, files: own } = await ownFiles(await withoutData(request))
    const { shown, secrets } = splitSecrets(request.model.version.schema, input)
    return {
      prediction: newPrediction({ ...request, input: shown, files: own }),
      sealed: Object.keys(secrets).length > 0 ? seal.close(formatJson(secrets)) : null,
      idempotency: idempotencyKeyOf(request),
    }
  }

  /** One press on Run: its form's key, and what was in it. */
  function idempotencyKeyOf({ formKey, input, model }: StartRequest): IdempotencyKey | null {
    if (formKey === null) return null
    const { shown } = splitSecrets(model.version.schema, input)
    const hash = createHash('sha256').update(canonicalJson(shown)).digest('hex').slice(0, 32)
    return { key: `${formKey}-${hash}`, since: now() - samePressMs }
  }

  async function withoutData(request: StartRequest): Promise<StartRequest> {
    const schema = request.model.version.schema
    const { input, files: kept } = await keepData(schema, request.input, keep)
    return kept.length === 0 ? request : { ...request, input, files: [...request.files, ...kept] }
  }

  async function keep(content: AsyncIterable<Uint8Array>, name: string): Promise<StoredFile> {
    const stored = await files.put(content, maxFileBytes)
    return { ...stored, ref: newId(), name: safeFileName(name) }
  }

  /** A file that belongs to another prediction is referred to anew: each link ends with its own. */
  async function ownFiles({ input, files: given }: StartRequest) {
    const replaced = new Map<string, StoredFile>()
    for (const file of given) {
      const known = await store.findFile(file.ref)
      replaced.set(fileUri(file), known?.prediction === null ? file : { ...file, ref: newId() })
    }
    return {
      input: replaceStrings(input, (text) => {
        const file = replaced.get(text)
        return file ? fileUri(file) : text
      }) as JsonObject,
      files: [...replaced.values()],
    }
  }

  function newPrediction(request: StartRequest): Prediction {
    const { model } = request
    return {
      id: newId(),
      model: model.ref,
      version: model.version.id,
      provider: model.provider,
      status: 'starting',
      input: request.input,
      output: null,
      excerpt: null,
      iterates: model.version.schema.output.iterator,
      files: request.files,
      error: null,
      logs: '',
      progress: null,
      metrics: {},
      attempt: 1,
      remote: null,
      revision: 1,
      createdAt: now(),
      startedAt: null,
      completedAt: null,
      deadline: request.deadline ?? null,
      source: request.source,
      createdBy: request.createdBy,
      visibility: 'public',
      parent: request.parent ?? null,
      deployment: request.deployment ?? null,
      webhook: request.webhook ?? null,
    }
  }

  return { prepare }
}

function replaceStrings(json: Json, replace: (text: string) => string): Json {
  if (typeof json === 'string') return replace(json)
  if (isList(json)) return json.map((item) => replaceStrings(item, replace))
  if (!isObject(json)) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [key, replaceStrings(item, replace)]),
  )
}
