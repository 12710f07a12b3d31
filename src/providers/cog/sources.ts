import { z } from 'zod'
import { isList } from '../../domain/json/json.ts'
import type { ModelSource } from '../../domain/model/record.ts'
import { type ModelRef, modelName, sameModel } from '../../domain/model-ref.ts'
import {
  type AddDecision,
  type AddedSource,
  type FoundSource,
  findSame,
  foundSource,
  type ModelSources,
  type ProbeText,
  sourceField,
  sourceUrl,
  sourceUrls,
} from '../model-sources.ts'
import type { Probed } from '../provider.ts'
import type { ContainerAddress } from './containers/fleet.ts'
import { type ImageSource, imagesOf, mostVersions, sourceOfImages } from './images/image-source.ts'
import { imageVersions } from './images/versions.ts'

/** The containers of a source, as origins: `http://gpu-2:5000`. None for another provider's source. */
export function urlsOf(source: ModelSource | null): readonly string[] {
  if (source?.provider !== 'cog' || !isList(source.urls)) return []
  return source.urls.filter((url) => typeof url === 'string')
}

/**
 * Whether the containers of a source start when they are asked, as those of Knative do: every request wakes one, so
 * they are looked at only when a run waits or an operator asks.
 */
export function isOnDemand(source: ModelSource | null): boolean {
  return source?.provider === 'cog' && source.onDemand === true
}

export function containerSource(urls: Iterable<string>, onDemand = false): ModelSource {
  const own = { provider: 'cog', urls: [...new Set(urls)] }
  return onDemand ? { ...own, onDemand } : own
}

const cogUrl = sourceUrl.describe(
  'The URL of a Cog container: `http://gpu-2:5000`, or `gpu-2:5000`.',
)

const cogOnDemandUrl = sourceUrl.describe(
  'The URL of a Cog container that starts when it is asked, as with Knative: it is looked at only when a run waits, which may take as long as its start.',
)

const cogImage = z
  .string()
  .max(512)
  .describe(
    'A container image that Cog has built: `r8.im/owner/name@sha256:…`, `registry/name:tag`.',
  )

const cogUrls = sourceUrls.describe('The URLs of Cog containers that serve the same model.')

export interface CogSourcesOptions {
  readonly configured: readonly ContainerAddress[]
  /** Asks what an address or the name of an image is; null where a text is neither. */
  readonly probe: (text: string, onDemand?: boolean) => Promise<Probed | null>
  /** Asks what an image is; null where a text cannot be the name of one. */
  readonly probeImage: ProbeText
}

/** Models in containers that operators name, beside those of the configuration. */
export function createCogSources(options: CogSourcesOptions): ModelSources {
  const { configured, probe, probeImage } = options
  return {
    hint: {
      title: 'A Cog container, or its image',
      noun: 'the URL of a Cog container, the name of a container image',
      text: '`http://gpu-2:5000`: start it with `docker run -p 5000:5000`, then enter the URL at which this server can reach it. With `SANDPIT_ENGINE`, enter `r8.im/owner/name@sha256:…` or `registry/name:tag`, and it is started when it is needed.',
    },
    fields: {
      cog_url: sourceField(cogUrl, (url) => findContainers([url], probe)),
      cog_on_demand_url: sourceField(cogOnDemandUrl, async (url) =>
        foundSource(await probe(url, true), noContainer),
      ),
      cog_urls: sourceField(cogUrls, (urls) => findContainers(urls, probe)),
      image: sourceField(cogImage, async (image) =>
        foundSource(await probeImage(image), 'This is not the name of a container image.'),
      ),
    },
    urls: urlsOf,
    add: (added) => addContainers(added, configured),
    renewed(source, kept) {
      const added = imagesOf(source)
      return added ? addImage(added, imagesOf(kept)) : { source }
    },
    versions: imageVersions,
  }
}

/** Several containers are one model only if they take and make the same. */
async function findContainers(
  addresses: readonly string[],
  probe: ProbeText,
): Promise<FoundSource> {
  const found = await findSame(addresses, probe, noContainer)
  if ('ok' in found) return found
  const source = containerSource(found.flatMap((one) => urlsOf(one.source)))
  return { ok: true, source, schemas: found[0].schemas }
}

const noContainer = 'There is no Cog container at this address'

/**
 * A container with the same schema shares the load of a model. Another one replaces its containers. An image is
 * a new version beside the earlier ones, and runs by default.
 */
function addContainers(
  { ref, source, kept, sameSchema }: AddedSource,
  configured: readonly ContainerAddress[],
): AddDecision {
  const added = imagesOf(source)
  const before = imagesOf(kept)
  if (added && (before || kept === null)) return addImage(added, before)
  if (added || before) return { replaces: added ? urlsOf(kept) : [before?.current.named ?? ''] }
  return addUrls({ ref, source, kept, sameSchema }, configured)
}

function addImage(
  { current }: ImageSource,
  before: ImageSource | null,
): Exclude<AddDecision, { replaces: unknown }> {
  const others = before?.versions.filter(({ image }) => image !== current.image) ?? []
  if (others.length >= mostVersions)
    return { problem: `A model keeps ${mostVersions} images. Remove an earlier version first.` }
  return { source: sourceOfImages([current, ...others], current.image) }
}

function addUrls(
  { ref, source, kept, sameSchema }: AddedSource,
  configured: readonly ContainerAddress[],
): AddDecision {
  const set = configured.filter((one) => sameModel(one.ref, ref)).map(({ url }) => url)
  const before = urlsOf(kept)
  const added = urlsOf(source)
  const isKnown = added.every((url) => before.includes(url) || set.includes(url))
  if (isKnown || sameSchema)
    return { source: containerSource([...before, ...added], isOnDemand(source)) }
  return set.length > 0 ? { problem: configuredElsewhere(ref) } : { replaces: before }
}

function configuredElsewhere(ref: ModelRef): string {
  return `${modelName(ref)} runs in the containers set in COG_MODELS, and this one has a different schema. Save it with another name.`
}
