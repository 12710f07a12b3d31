import { mapFiles, type StoredFile } from '../file/file.ts'
import { canonicalJson, type Json, type JsonObject } from '../json/json.ts'
import { modelName } from '../model-ref.ts'
import { wholeFile } from '../output/large-output.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { apiStatus } from './api-status.ts'
import type { Prediction } from './prediction.ts'
import { seedOf } from './seed.ts'

/** An input of a record. */
export interface RecordInput {
  readonly name: string
  /** Files are `sandpit:` addresses. */
  readonly value: Json
  /** Whether it was not given, and so the model took the default of its version. */
  readonly isDefault: boolean
  readonly isSecret: boolean
}

/** All inputs of a prediction, those with the defaults of its version included, in the order of its form. */
export function recordInputs(
  { input }: Pick<Prediction, 'input'>,
  { input: properties }: Pick<ModelSchema, 'input'>,
): RecordInput[] {
  const known = properties.flatMap(({ name, schema }): RecordInput[] => {
    const isDefault = !Object.hasOwn(input, name)
    const value = isDefault ? schema.default : input[name]
    return value === undefined ? [] : [{ name, value, isDefault, isSecret: schema.secret }]
  })
  const names = new Set(properties.map(({ name }) => name))
  const others = Object.entries(input).filter(([name]) => !names.has(name))
  const asGiven = { isDefault: false, isSecret: false }
  return [...known, ...others.map(([name, value]) => ({ name, value, ...asGiven }))]
}

/**
 * The record of a prediction as JSON text, the same for the same run wherever it is read: keys are sorted, files are
 * named by their hashes, and there are no addresses. Once the prediction is settled, only the removal of its data
 * changes it.
 */
export function recordJson(prediction: Prediction, schema: Pick<ModelSchema, 'input'>): string {
  const { id, model, version, provider, status, error, logs, metrics, attempt } = prediction
  const phases = prediction.phases.map(({ phase, at }) => ({ phase, at }))
  const inputs = recordInputs(prediction, schema)
  const whole = wholeFile(prediction.excerpt, prediction.files)
  const record = {
    record: 1,
    ...{ id, model: modelName(model), version, provider, status: apiStatus(status) },
    ...{ error, logs, metrics, attempt },
    input: hashed(Object.fromEntries(inputs.map(({ name, value }) => [name, value])), prediction),
    output: whole ? hashOf(whole) : hashed(prediction.output, prediction),
    seed: seedOf(prediction),
    defaults: inputs.filter(({ isDefault }) => isDefault).map(({ name }) => name),
    created_at: prediction.createdAt,
    started_at: prediction.startedAt,
    completed_at: prediction.completedAt,
    // Records from before phases were kept stay as they are.
    ...(phases.length === 0 ? {} : { phases }),
    data_removed: prediction.dataRemovedAt !== null,
  }
  return canonicalJson(record)
}

function hashed(value: Json, { files }: Prediction): Json {
  return mapFiles(value, files, hashOf)
}

function hashOf({ name, type, size, sha256 }: StoredFile): JsonObject {
  return { name, type, size, sha256 }
}
