import { isList } from '../../domain/json/json.ts'
import {
  type AppAddress,
  appAddress,
  endpointAddress,
} from '../../domain/model/addresses/app-address.ts'
import type { ModelSource } from '../../domain/model/record.ts'
import { modelName, sameModel } from '../../domain/model-ref.ts'
import {
  type AddDecision,
  type AddedSource,
  type FoundSource,
  findSame,
  type ModelSources,
  type ProbeText,
  sourceField,
  sourceUrl,
  sourceUrls,
} from '../model-sources.ts'
import type { ConfiguredEndpoint } from './apps/fleet.ts'

/** The endpoints of a source: `http://gpu-1:7860#/predict`. None for another provider's source. */
export function urlsOf(source: ModelSource | null): readonly string[] {
  if (source?.provider !== 'gradio' || !isList(source.urls)) return []
  return source.urls.filter((url) => typeof url === 'string')
}

export function addressesIn(source: ModelSource | null): readonly AppAddress[] {
  return urlsOf(source).flatMap((url) => appAddress(url) ?? [])
}

export function endpointSource(urls: Iterable<string>): ModelSource {
  return { provider: 'gradio', urls: [...new Set(urls)] }
}

const gradioUrl = sourceUrl.describe(
  'The URL of a Gradio app or Space, with the name of its function after `#`: `http://gpu-1:7860#/predict`. Without one, its first function.',
)

const gradioUrls = sourceUrls.describe('The URLs of Gradio apps that serve the same function.')

/** Functions of apps that operators name, beside those of the configuration. */
export function createGradioSources(
  probe: ProbeText,
  configured: readonly ConfiguredEndpoint[],
): ModelSources {
  return {
    hint: {
      title: 'A Gradio app',
      noun: 'the URL of a Gradio app or Space',
      text: '`http://gpu-1:7860`, or `https://huggingface.co/spaces/owner/name`: each of its functions that has a name is a model.',
    },
    fields: {
      gradio_url: sourceField(gradioUrl, (url) => findEndpoints([url], probe)),
      gradio_urls: sourceField(gradioUrls, (urls) => findEndpoints(urls, probe)),
    },
    urls: urlsOf,
    add: (added) => addEndpoints(added, configured),
  }
}

const noApp = 'There is no Gradio app at this address'

/** Several endpoints are one model only if they take and make the same. */
async function findEndpoints(urls: readonly string[], probe: ProbeText): Promise<FoundSource> {
  const found = await findSame(urls, async (url) => chosenFirst(await probe(url)), noApp)
  if ('ok' in found) return found
  const source = endpointSource(found.flatMap((one) => urlsOf(one.source)))
  return { ok: true, source, schemas: found[0].schemas }
}

/** The endpoint that the address names is the one that is meant. */
function chosenFirst(probed: Awaited<ReturnType<ProbeText>>) {
  if (probed?.kind !== 'found') return probed
  const [first = null] = probed.upstream.models
  const chosen = probed.upstream.models.find(({ isChosen }) => isChosen) ?? first
  return { ...probed, upstream: { ...probed.upstream, models: chosen ? [chosen] : [] } }
}

/** An app with the same function shares the load of a model. Another one replaces its apps. */
function addEndpoints(
  { ref, source, kept, sameSchema }: AddedSource,
  configured: readonly ConfiguredEndpoint[],
): AddDecision {
  const set = configured.filter((one) => sameModel(one.ref, ref)).map(endpointAddress)
  const before = urlsOf(kept)
  const added = urlsOf(source)
  const isKnown = added.every((url) => before.includes(url) || set.includes(url))
  if (isKnown || sameSchema) return { source: endpointSource([...before, ...added]) }
  if (set.length === 0) return { replaces: before }
  return {
    problem: `${modelName(ref)} runs in the apps set in GRADIO_MODELS, and this one has a different schema. Save it with another name.`,
  }
}
