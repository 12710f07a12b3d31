import { createHash } from 'node:crypto'
import { canonicalJson, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { forEachValue } from '../../../domain/json/walk.ts'
import { isReadable } from '../../../domain/model/cog-version.ts'
import { versionContent } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { schemasOf } from '../../../domain/schema/schema.ts'

/** The part of a container's `/openapi.json` that describes its model. */
export interface OpenApiDocument {
  /** `Input`, `Output` and what they refer to. */
  readonly schemas: JsonObject
  /** Whether it can send its output as server-sent events. */
  readonly streams: boolean
  /** The version of Cog that the container was built with; null when unknown, as for Cog 0.9. */
  readonly cogVersion: string | null
  /** The title of the model; null when it is “Cog”, the default. */
  readonly title: string | null
}

/** Parses a document; null when it is not that of a Cog container. */
export function readOpenApi(
  json: Json | undefined,
  cogVersion: string | null = null,
): OpenApiDocument | null {
  try {
    const schemas = json === undefined ? null : schemasOf(json)
    if (!schemas) return null
    const own = ownSchemas(schemas)
    const builtWith = cogVersion ?? versionOfDocument(json)
    return { schemas: own, streams: streams(json), cogVersion: builtWith, title: titleIn(json) }
  } catch {
    // It nests too deep.
    return null
  }
}

const ids = new WeakMap<JsonObject, Map<string, string>>()

/** The id of a model's version, cached for each document: every page of the model needs it. */
export function versionId(ref: ModelRef, { schemas }: Pick<OpenApiDocument, 'schemas'>): string {
  const name = modelName(ref)
  const own = ids.get(schemas) ?? new Map<string, string>()
  ids.set(schemas, own)
  const known = own.get(name)
  if (known !== undefined) return known
  const content = canonicalJson(versionContent(ref, schemas))
  const id = createHash('sha256').update(content).digest('hex')
  own.set(name, id)
  return id
}

/** The schemas of the model itself. The others describe Cog, and change with its version. */
function ownSchemas(schemas: JsonObject): JsonObject {
  const own: Record<string, Json> = {}
  const wanted = ['Input', 'Output']
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
    if (schema === undefined || Object.hasOwn(own, name)) continue
    own[name] = schema
    wanted.push(...refsIn(schema))
  }
  return own
}

function refsIn(json: Json): string[] {
  const names: string[] = []
  forEachValue(json, (value) => {
    const $ref = member(value, '$ref')
    const name = typeof $ref === 'string' && /^#\/components\/schemas\/([^/]+)$/.exec($ref)?.[1]
    if (name) names.push(name)
  })
  return names
}

function titleIn(json: Json | undefined): string | null {
  const title = member(member(json, 'info'), 'title')
  if (typeof title !== 'string') return null
  const own = title.trim()
  return ['', 'cog', 'fastapi'].includes(own.toLowerCase()) ? null : own
}

/** The version of Cog in a container's response to `GET /`. */
export function cogVersionIn(json: Json | undefined): string | null {
  return versionOrNull(member(json, 'cog_version'))
}

/** Most documents have another version here, which is lower than any Cog with iterators. */
function versionOfDocument(json: Json | undefined): string | null {
  const version = versionOrNull(member(member(json, 'info'), 'version'))
  return version !== null && isReadable(version) ? version : null
}

/** Null for a value that is not a version of Cog. */
export function versionOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^\d+\.\d[\w.+-]{0,40}$/.test(value) ? value : null
}

function streams(json: Json | undefined): boolean {
  const paths = member(json, 'paths')
  return ['/predictions', '/predictions/{prediction_id}'].some((path) => {
    const methods = member(paths, path)
    return ['post', 'put'].some(
      (method) => member(member(methods, method), 'x-cog-streaming') === true,
    )
  })
}

function member(json: Json | undefined, key: string): Json | undefined {
  return isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined
}
