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
import { abilitiesIn, kindIn, placeName, placeSource, placesIn } from './places.ts'
import { plainChat } from './servers/abilities.ts'
import type { ConfiguredPlace } from './servers/fleet.ts'

const openAiUrl = sourceUrl.describe(
  'The URL of a server with OpenAI’s API, or of Ollama, with the model’s name there after `#`: `http://gpu-1:8000/v1#qwen3-8b`. Without one, its first model.',
)

const openAiUrls = sourceUrls.describe('The URLs of servers that serve the same model.')

/** Models at servers that operators name, beside those of the configuration. */
export function createOpenAiSources(
  probe: ProbeText,
  configured: readonly ConfiguredPlace[],
): ModelSources {
  return {
    hint: {
      title: 'A language model',
      noun: 'the URL of a server with OpenAI’s API or of Ollama',
      text: '`http://gpu-1:8000/v1` of vLLM, SGLang, llama.cpp, TGI, LM Studio or LiteLLM, `http://gpu-1:11434` of Ollama, or `https://api.openai.com/v1`.',
    },
    fields: {
      openai_url: sourceField(openAiUrl, (url) => findPlaces([url], probe)),
      openai_urls: sourceField(openAiUrls, (urls) => findPlaces(urls, probe)),
    },
    urls: (source) => placesIn(source).map(placeName),
    add: (added) => addPlaces(added, configured),
  }
}

/** Several servers are one model only if they take and make the same. */
async function findPlaces(urls: readonly string[], probe: ProbeText): Promise<FoundSource> {
  const found = await findSame(urls, async (url) => chosenFirst(await probe(url)), noServer)
  if ('ok' in found) return found
  const [first] = found
  const places = found.flatMap(({ source }) => placesIn(source))
  const abilities = abilitiesIn(first.source) ?? plainChat('other')
  return {
    ok: true,
    source: placeSource(places, abilities, kindIn(first.source)),
    schemas: first.schemas,
  }
}

const noServer = 'There is no server with OpenAI’s API at this address'

/** The model that the address names is the one that is meant. */
function chosenFirst(probed: Awaited<ReturnType<ProbeText>>) {
  if (probed?.kind !== 'found') return probed
  const chosen = probed.upstream.models.filter(({ isChosen }) => isChosen)
  if (chosen.length !== 1) return probed
  return { ...probed, upstream: { ...probed.upstream, models: chosen } }
}

/** A server with the same model shares its load. Another one replaces its servers. */
function addPlaces(
  { ref, source, kept, sameSchema }: AddedSource,
  configured: readonly ConfiguredPlace[],
): AddDecision {
  const set = configured.filter((one) => sameModel(one.ref, ref)).map(placeName)
  const before = placesIn(kept)
  const added = placesIn(source)
  const known = new Set([...before.map(placeName), ...set])
  const abilities = abilitiesIn(source) ?? plainChat('other')
  if (sameSchema || added.every((place) => known.has(placeName(place))))
    return { source: placeSource([...before, ...added], abilities, kindIn(source)) }
  if (set.length === 0) return { replaces: before.map(placeName) }
  return {
    problem: `${modelName(ref)} runs at the servers set in OPENAI_MODELS, and this one takes something else. Save it with another name.`,
  }
}
