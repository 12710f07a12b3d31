import { isObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import type { Abilities, Kind } from '../servers/abilities.ts'
import { abilitiesById } from './by-id.ts'
import { type Asking, countIn, type Described, type Dialect, type ModelRow } from './dialect.ts'

/** vLLM does not say what a model is: the addresses that it has do. */
export const vllm: Dialect = {
  name: 'vllm',
  title: 'vLLM server',
  hasStates: true,
  recognise: (_asking, models) => models?.rows[0]?.ownedBy === 'vllm',
  async describe(asking, models, before) {
    const described = before ?? (await describeByPaths(asking, models?.rows ?? []))
    if (!described.sleeps) return described
    const { is_sleeping: isAsleep } = objectIn((await asking.get('/is_sleeping'))?.json)
    const state = isAsleep === true ? 'asleep' : 'ready'
    return { ...described, models: described.models.map((one) => ({ ...one, state })) }
  },
}

async function describeByPaths({ get }: Asking, rows: readonly ModelRow[]): Promise<Described> {
  const paths = new Set(Object.keys(objectIn(objectIn((await get('/openapi.json'))?.json).paths)))
  const kind = kindByPaths(paths)
  const described = listed(rows, (row) => {
    const byId = abilitiesById(row.id, 'vllm')
    const own = { ...byId, context: countIn(row.json.max_model_len) }
    return kind === null ? own : { ...own, kind }
  })
  return { ...described, sleeps: paths.has('/is_sleeping') }
}

const addresses: readonly (readonly [string, Kind])[] = [
  ['/v1/chat/completions', 'chat'],
  ['/v1/audio/transcriptions', 'transcription'],
  ['/v1/embeddings', 'embedding'],
  ['/v1/rerank', 'rerank'],
]

/** Null when it has none of them, or all: then its versions serve each address for any model. */
function kindByPaths(paths: ReadonlySet<string>): Kind | null {
  const had = addresses.filter(([path]) => paths.has(path))
  return had.length === addresses.length ? null : (had[0]?.[1] ?? null)
}

export const sglang: Dialect = {
  name: 'sglang',
  title: 'SGLang server',
  hasStates: false,
  recognise: (_asking, models) => models?.rows[0]?.ownedBy === 'sglang',
  async describe({ get }, models) {
    const first = await get('/get_model_info')
    const info = objectIn((first?.status === 200 ? first : await get('/model_info'))?.json)
    return listed(models?.rows ?? [], (row) => {
      const byId = abilitiesById(row.id, 'sglang')
      return {
        ...byId,
        kind: info.is_generation === false ? 'embedding' : byId.kind,
        context: countIn(row.json.max_model_len),
        pictures: info.has_image_understanding === true || byId.pictures,
      }
    })
  },
}

/** Text Generation Inference. */
export const tgi: Dialect = {
  name: 'tgi',
  title: 'TGI server',
  hasStates: false,
  async recognise({ get }) {
    const info = await get('/info')
    return objectIn(info?.json).router === 'text-generation-router'
  },
  async describe({ get }, models) {
    const info = objectIn((await get('/info'))?.json)
    const id = textIn(info.model_id) || 'tgi'
    const rows = models?.rows.length ? models.rows : [{ id, ownedBy: '', json: {} }]
    const described = listed(rows, (row) => ({
      ...abilitiesById(row.id, 'tgi'),
      kind: 'chat',
      context: countIn(info.max_total_tokens),
      pictures: info.model_pipeline_tag === 'image-text-to-text',
    }))
    return { ...described, slots: countIn(info.max_concurrent_requests) }
  },
}

/** A proxy before other servers and services. */
export const litellm: Dialect = {
  name: 'litellm',
  title: 'LiteLLM proxy',
  hasStates: false,
  async recognise({ get }) {
    const info = await get('/model/info')
    return (
      isObject(info?.json) && listIn(info.json.data).some((row) => 'model_info' in objectIn(row))
    )
  },
  async describe({ get }, models) {
    const told = new Map(
      listIn(objectIn((await get('/model/info'))?.json).data).map((row) => {
        const { model_name: name, model_info: info } = objectIn(row)
        return [textIn(name), objectIn(info)] as const
      }),
    )
    const described = listed(models?.rows ?? [], (row) => {
      const info = told.get(row.id) ?? {}
      const byId = abilitiesById(row.id, 'litellm')
      return {
        ...byId,
        kind: modes[textIn(info.mode)] ?? byId.kind,
        context: countIn(info.max_input_tokens),
        pictures: info.supports_vision === true,
        reasoning: info.supports_reasoning === true ? 'effort' : 'no',
      }
    })
    return { ...described, models: described.models.map((one) => ({ ...one, leaves: true })) }
  },
}

const modes: Readonly<Record<string, Kind>> = {
  chat: 'chat',
  embedding: 'embedding',
  rerank: 'rerank',
  image_generation: 'image',
  audio_speech: 'speech',
  audio_transcription: 'transcription',
}

export const openAi: Dialect = {
  name: 'openai',
  title: 'OpenAI',
  hasStates: false,
  recognise: ({ base }) => new URL(base).hostname === 'api.openai.com',
  async describe(_asking, models) {
    const described = listed(models?.rows ?? [], ({ id }) => abilitiesById(id, 'openai'))
    return { ...described, models: described.models.map((one) => ({ ...one, leaves: true })) }
  },
}

/** Any other server with OpenAI's API. It says what its models are called, and no more. */
export const other: Dialect = {
  name: 'other',
  title: 'Server with OpenAI’s API',
  hasStates: false,
  recognise: (_asking, models) => models !== null,
  async describe(_asking, models) {
    return listed(models?.rows ?? [], ({ id }) => abilitiesById(id, 'other'))
  },
}

/** Models that are loaded for as long as their server runs. */
function listed(rows: readonly ModelRow[], abilities: (row: ModelRow) => Abilities): Described {
  const models = rows.map((row) => {
    return { id: row.id, abilities: abilities(row), state: 'ready', leaves: false } as const
  })
  return { models, slots: null, resumes: false }
}
