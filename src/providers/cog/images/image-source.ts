import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { versionContent } from '../../../domain/model/model.ts'
import type { ModelSource } from '../../../domain/model/record.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'

/** A version of a model that is run from an image: with all that a container of it needs. */
export interface ImageVersion {
  /** As the operator named it: `r8.im/ann/video:latest`. */
  readonly named: string
  /** The name to pull, with its digest where a registry has it: a tag moves, and this does not. */
  readonly name: string
  /** `sha256:…` of its configuration; what most engines call its id. */
  readonly image: string
  /** The schemas of its input and output. */
  readonly schemas: JsonObject
  /** Whether it can send its output as server-sent events. */
  readonly streams: boolean
  /** The version of Cog that it was built with; null when unknown. */
  readonly cogVersion: string | null
  /** Whether it was built for a GPU. */
  readonly gpu: boolean
  /** How many runs one container takes at once. */
  readonly slots: number
  /** Whether it brings a process that reaps others. */
  readonly hasInit: boolean
  /** When it was added, in milliseconds since 1970. */
  readonly addedAt: number
}

/** The images of a model, the newest first, and which of them runs by default. */
export interface ImageSource {
  readonly versions: readonly ImageVersion[]
  readonly current: ImageVersion
}

/** The most versions of a model that keep their images. */
export const mostVersions = 50

const versionShape = z.object({
  named: z.string(),
  name: z.string(),
  image: z.string(),
  schemas: z.custom<JsonObject>((value) => isObject(value as Json)),
  streams: z.boolean(),
  cogVersion: z.string().nullable(),
  gpu: z.boolean(),
  slots: z.number(),
  hasInit: z.boolean(),
  addedAt: z.number(),
})

const sourceShape = z.object({
  provider: z.literal('cog'),
  images: z.array(versionShape).min(1),
  current: z.string(),
})

const known = new WeakMap<ModelSource, ImageSource | null>()

/** The images of a source; null for a source of another kind. The same object for the same source. */
export function imagesOf(source: ModelSource | null): ImageSource | null {
  if (source?.provider !== 'cog' || source.images === undefined) return null
  const before = known.get(source)
  if (before !== undefined) return before
  const read = sourceShape.safeParse(source)
  const [first] = read.success ? read.data.images : []
  const images = read.success && first ? imageSource(read.data.images, read.data.current) : null
  known.set(source, images)
  return images
}

function imageSource(versions: readonly ImageVersion[], current: string): ImageSource | null {
  const [first] = versions
  if (!first) return null
  return { versions, current: versions.find(({ image }) => image === current) ?? first }
}

/** A source with these images, of which the one with the id `current` runs by default. */
export function sourceOfImages(versions: readonly ImageVersion[], current: string): ModelSource {
  return { provider: 'cog', images: versions.map((one) => ({ ...one })), current }
}

const ids = new WeakMap<ImageVersion, Map<string, string>>()

/** The id of a version: SHA-256 of its schemas and of its image, as two images may have the same schemas. */
export function imageVersionId(ref: ModelRef, version: ImageVersion): string {
  const own = ids.get(version) ?? new Map<string, string>()
  ids.set(version, own)
  const name = modelName(ref)
  const known = own.get(name)
  if (known !== undefined) return known
  const { schemas, image } = version
  const content = canonicalJson([versionContent(ref, schemas), image])
  const id = createHash('sha256').update(content).digest('hex')
  own.set(name, id)
  return id
}
