import { createHash } from 'node:crypto'
import { webUrl } from '../../../domain/address.ts'
import { canonicalJson, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import {
  type Model,
  type ModelLinks,
  type Undescribed,
  unpresented,
  versionContent,
} from '../../../domain/model/model.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { readSchema, schemasOf } from '../../../domain/schema/schema.ts'
import type { UpstreamModel, UpstreamVersion } from '../responses.ts'
import { UpstreamError } from '../upstream-error.ts'

/** The responses of the service about a model, as they are cached. */
export interface LookedUpModel {
  readonly model: UpstreamModel
  /** The version that was asked for; null for the latest. */
  readonly version: UpstreamVersion | null
  /** Markdown. */
  readonly readme: string | null
  /** Milliseconds since 1970. */
  readonly lookedAt: number
}

/** The name of a model's cover; its type is known once it is downloaded. */
export const coverName = 'cover'

/**
 * The service has a queue of its own, so many of our runs may be there at once. When our server dies,
 * a run continues there and is followed on, so it never runs again.
 */
const limits = { copies: 32, timeoutMs: null, rerun: false }

/** Describes a model of the service. */
export function describe(ref: ModelRef, service: string, looked: LookedUpModel): Model {
  const { model, readme, lookedAt } = looked
  const { schema, id, broken, undescribed } = versionOf(ref, service, looked)
  const cogVersion = (looked.version ?? model.latest_version)?.cog_version
  const example = model.default_example?.input
  const isFilm = /\.(?:mp4|webm|mov)$/i.test(URL.parse(model.cover_image_url ?? '')?.pathname ?? '')
  return {
    ref,
    provider: 'replicate',
    description: model.description ?? '',
    version: {
      id,
      model: ref,
      provider: 'replicate',
      schema,
      createdAt: lookedAt,
      ...(cogVersion ? { cogVersion } : {}),
    },
    cover: model.cover_image_url && !isFilm ? coverName : null,
    readme,
    ...unpresented,
    visibility: model.visibility,
    links: linksOf(model),
    examples: example ? [example] : [],
    limits,
    broken,
    undescribed,
  }
}

function linksOf({ github_url, paper_url, license_url }: UpstreamModel): ModelLinks {
  return { github: webUrl(github_url), paper: webUrl(paper_url), license: webUrl(license_url) }
}

/** Stands in for a model that is not known; `broken` says why. */
export function unknownModel(
  ref: ModelRef,
  broken: string,
  undescribed: Undescribed,
  now: number,
): Model {
  const own = { id: hashOf(ref, noSchemas), schema: readSchema(noSchemas) }
  return {
    ref,
    provider: 'replicate',
    description: '',
    version: { ...own, model: ref, provider: 'replicate', createdAt: now },
    cover: null,
    readme: null,
    ...unpresented,
    examples: [],
    limits,
    broken,
    undescribed,
  }
}

/** Whether the service may describe the model later. */
export function undescribedBy(error: unknown): Undescribed {
  const status = error instanceof UpstreamError ? error.status : null
  const refused = status !== null && status >= 400 && status < 500 && status !== 429
  return refused ? 'refused' : 'away'
}

/**
 * The name of a version at the service: `owner/name` for a model without versions, whose id is the hash
 * of its schemas, else `owner/name:VERSION`.
 */
export function upstreamName(ref: ModelRef, version: Pick<Model['version'], 'id' | 'schema'>) {
  const name = `${ref.owner}/${ref.name}`
  return version.id === hashOf(ref, version.schema.schemas) ? name : `${name}:${version.id}`
}

const noSchemas: JsonObject = { Input: { type: 'object', properties: {} }, Output: {} }

function versionOf(ref: ModelRef, service: string, { model, version }: LookedUpModel) {
  const shown = version ?? model.latest_version ?? null
  const named = isVersionId(shown?.id ?? '') && !(model.is_official && !version)
  const known = shown && schemasOf(shown.openapi_schema)
  const schemas = known ?? (model.is_official ? schemasLike(model) : null)
  if (schemas) {
    const id = named && shown ? shown.id : hashOf(ref, schemas)
    const schema = readSchema(schemas)
    return { schema, id, broken: schema.problem, undescribed: null }
  }
  const broken = shown
    ? `The schema that ${service} returned for this model cannot be read.`
    : `This model has no version at ${service}, so there is nothing to run.`
  const undescribed = 'nothing' as const
  return { schema: readSchema(noSchemas), id: hashOf(ref, noSchemas), broken, undescribed }
}

export function isVersionId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/** The schemas of an official model without a schema, derived from its example. */
function schemasLike({ default_example: example }: UpstreamModel): JsonObject | null {
  if (!example) return null
  const entries = Object.entries(example.input)
  const properties = entries.map(([name, value], order) => [
    name,
    { ...schemaLike(value), 'x-order': order },
  ])
  return { Input: { type: 'object', properties: Object.fromEntries(properties) }, Output: {} }
}

function schemaLike(value: Json): JsonObject {
  if (typeof value === 'string')
    return /^(?:https?|data):/.test(value) ? { type: 'string', format: 'uri' } : { type: 'string' }
  if (typeof value === 'boolean') return { type: 'boolean' }
  if (typeof value === 'bigint' || Number.isInteger(value)) return { type: 'integer' }
  if (typeof value === 'number') return { type: 'number' }
  return isObject(value) ? { type: 'object' } : {}
}

function hashOf(ref: ModelRef, schemas: JsonObject): string {
  const content = canonicalJson(versionContent(ref, schemas))
  return createHash('sha256').update(content).digest('hex')
}
