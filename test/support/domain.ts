import { fileUri, type StoredFile } from '../../src/domain/file/file.ts'
import { newId } from '../../src/domain/id.ts'
import type { Json, JsonObject } from '../../src/domain/json/json.ts'
import type { Version } from '../../src/domain/model/model.ts'
import { newPrediction, type Prediction } from '../../src/domain/prediction/prediction.ts'
import { readSchema } from '../../src/domain/schema/schema.ts'

/** A moment to count from: 2026-01-01. */
export const start = Date.UTC(2026, 0, 1)

export const minute = 60_000

/** The same id for the same number, and another for another. */
export function idOf(number: number): string {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, number)
  return newId(bytes)
}

/** A stored file; files of the same number are the same. */
export function fileOf(number: number, changes: Partial<StoredFile> = {}): StoredFile {
  return {
    ref: idOf(1_000_000 + number),
    sha256: number.toString(16).padStart(64, '0'),
    name: `picture ${number}.png`,
    type: 'image/png',
    size: 100 + number,
    ...changes,
  }
}

/** A prediction that was just accepted. */
export function predictionOf(changes: Partial<Prediction> = {}): Prediction {
  const accepted = newPrediction({
    id: idOf(1),
    model: { owner: 'sandpit', name: 'hello-world' },
    version: 'f'.repeat(64),
    provider: 'local',
    input: { prompt: 'a cat' },
    createdAt: start,
    source: 'web',
    createdBy: 'ada',
  })
  return { ...accepted, ...changes }
}

export function versionOf(changes: Partial<Version> = {}): Version {
  return {
    id: 'f'.repeat(64),
    model: { owner: 'sandpit', name: 'hello-world' },
    provider: 'local',
    schema: readSchema({ Input: { type: 'object', properties: { prompt: { type: 'string' } } } }),
    createdAt: start,
    ...changes,
  }
}

/** `components.schemas` whose `Input` has these properties. */
export function schemasWith(
  properties: JsonObject,
  rest: { readonly required?: readonly string[]; readonly [name: string]: Json | undefined } = {},
): JsonObject {
  const { required = [], ...others } = rest
  const more = Object.entries(others).flatMap(([name, json]) =>
    json === undefined ? [] : [[name, json] as const],
  )
  return { Input: { type: 'object', properties, required }, ...Object.fromEntries(more) }
}

export const uriOf = (number: number) => fileUri(fileOf(number))
