import { formatBytes } from '../../../domain/format-bytes.ts'
import {
  type ImageName,
  imageName,
  isPinnedImage,
} from '../../../domain/model/addresses/image-name.ts'
import { type RegistryLogin, registryLogin } from '../../../domain/model/addresses/registry.ts'
import type { Engines, FoundImage } from '../../../engine/engines.ts'
import { foundOne } from '../../model-sources.ts'
import type { Probed } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { readJson } from '../../upstream/document.ts'
import type { OpenApiDocument } from '../containers/openapi-document.ts'
import { askingTooMuch } from '../containers/wake.ts'
import { askImage, documentInFiles, type ImageAskings } from './ask-image.ts'
import { describeImage } from './image-models.ts'
import { type ImageVersion, sourceOfImages } from './image-source.ts'
import { type Labeled, readLabels } from './labels.ts'
import { registryOf } from './registries.ts'
import { instanceProgress } from './wait-progress.ts'

/** The largest schemas of an image that are kept with its model, as UTF-16 units of JSON. */
const mostSchemaUnits = 2 ** 20

export interface ProbeImageOptions {
  readonly engines: Engines | null
  readonly client: UpstreamClient
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly askings: ImageAskings
  /** Whether its container may be started to ask it. */
  readonly onDemand: boolean
  /** How long to wait for its answer now, in milliseconds. */
  readonly waitMs: number
  /** `user:password` for its registry; null for what is kept. */
  readonly key: string | null
}

/**
 * Looks for the model in an image that a text names, at the engine and at its registry: in its labels, then in its files.
 * An image that has neither is started once, to ask it. Null for another text.
 */
export async function probeImage(text: string, options: ProbeImageOptions): Promise<Probed | null> {
  const name = imageName(text)
  if (!name) return null
  const probed = await probeName(name, text, options)
  return probed.kind === 'refused' ? { ...probed, isSure: isPinnedImage(text) } : probed
}

async function probeName(
  name: ImageName,
  text: string,
  options: ProbeImageOptions,
): Promise<Probed> {
  const { engines, now, key } = options
  if (!engines)
    return {
      kind: 'other',
      sentence: `${text} may be a container image. This server has no container engine: set SANDPIT_ENGINE.`,
      isAway: false,
    }
  const login = key === null ? null : registryLogin(key)
  if (key !== null && login === null)
    return { kind: 'refused', sentence: 'The key of a registry is user:password.', asks: 'key' }
  const [engine = ''] = engines.names
  const found = await engines.find(name, engine, login)
  if (found.kind !== 'image') {
    const { sentence, asksLogin } = found
    if (!asksLogin) return { kind: 'refused', sentence }
    return { kind: 'refused', sentence: `${sentence} ${asksForLogin}`, asks: 'key' }
  }
  const { image } = found
  const described = await describe({ ...options, engines, engine, login }, image)
  if ('kind' in described) return described
  if (JSON.stringify(described.schemas).length > mostSchemaUnits)
    return { kind: 'refused', sentence: 'The schema of this image is larger than 1 MB.' }
  const { title: _, ...model } = described
  const version: ImageVersion = {
    ...model,
    named: text.trim(),
    name: image.name,
    image: image.id,
    addedAt: now(),
  }
  const ref = { owner: ownerOf(name.repository), name: lastPart(name.repository) }
  return foundOne(
    {
      title: 'Container image',
      address: registryOf(image.name),
      facts: factsOf(image, version),
    },
    {
      model: describeImage(ref, version),
      keepsName: null,
      source: sourceOfImages([version], version.image),
      versions: [],
      warmth: 'cold',
      health: { since: null, note: null, logs: '' },
    },
  )
}

/** What it takes to run an image, each in a few words. */
function factsOf(
  { size, isHere }: FoundImage,
  { gpu, slots, cogVersion }: ImageVersion,
): readonly string[] {
  const sized = size > 0 ? `${formatBytes(size)}, ` : ''
  return [
    gpu ? 'needs a GPU' : 'needs no GPU',
    slots === 1 ? 'one run at a time in a container' : `${slots} runs at once in a container`,
    ...(cogVersion === null ? [] : [`Cog ${cogVersion}`]),
    `${sized}${isHere ? 'here already' : 'pulled for the first run'}`,
  ]
}

type DescribeOptions = ProbeImageOptions & {
  readonly engines: Engines
  readonly engine: string
  readonly login: RegistryLogin | null
}

async function describe(options: DescribeOptions, image: FoundImage): Promise<Labeled | Probed> {
  const { engines, engine, askings, onDemand, waitMs } = options
  const labeled = await readLabels(image.labels, async (text) => {
    const read = await readJson(text)
    return read.kind === 'read' ? read.json : undefined
  })
  if (labeled) return labeled
  const known = askings.known(image.id)
  if (known && 'document' in known) return unlabeled(known.document)
  const inFiles = image.isHere ? await documentInFiles(engines, engine, image.id) : null
  if (inFiles) return unlabeled(inFiles)
  if (!onDemand) return { kind: 'refused', sentence: withoutLabels(image), asks: 'start' }
  const asked = await askings.ask(image.id, waitMs, (signal, told) =>
    askImage({ ...options, image }, signal, told),
  )
  if (asked.kind === 'full') return { kind: 'refused', sentence: askingTooMuch }
  if (asked.kind === 'pending') {
    const progress = asked.state
      ? instanceProgress(asked.state)
      : { label: 'Looking for its image' }
    return { kind: 'pending', sentence: stillAsked, progress }
  }
  if ('document' in asked.result) return unlabeled(asked.result.document)
  // The next request starts it again.
  askings.forget(image.id)
  return { kind: 'refused', sentence: asked.result.sentence, asks: 'start' }
}

/** An image without labels says neither whether it needs a GPU nor how many runs it takes at once. */
function unlabeled(document: OpenApiDocument): Labeled {
  return { ...document, gpu: false, slots: 1, hasInit: false }
}

function withoutLabels({ isHere, size }: FoundImage): string {
  const pull = isHere ? '' : `, after a pull of ${formatBytes(size)}`
  return `This image has no label with the schema of its model. Its container can be started once to ask it${pull}.`
}

const asksForLogin = 'Enter user:password as the key.'

const stillAsked = 'It is still being asked. Look again in a minute: this goes on meanwhile.'

/** `ann` of `ann/video`; the owner of images without one is `images`. */
function ownerOf(repository: string): string {
  const parts = repository.split('/')
  return (parts.length > 1 ? parts.at(-2) : undefined) ?? 'images'
}

function lastPart(repository: string): string {
  return repository.split('/').at(-1) ?? repository
}
