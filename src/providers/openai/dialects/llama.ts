import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import { type Abilities, type Kind, plainChat } from '../servers/abilities.ts'
import { type Asking, countIn, type Dialect, type ModelRow, type ModelState } from './dialect.ts'

/** llama.cpp's `llama-server`: with one model, or as a router with several that it loads on demand. */
export const llama: Dialect = {
  name: 'llama',
  title: 'llama.cpp server',
  hasStates: false,
  recognise: (_asking, models) =>
    models?.response.headers.server === 'llama.cpp' ||
    models?.rows[0]?.ownedBy.startsWith('llamacpp') === true,
  async describe(asking, models) {
    const rows = models?.rows ?? []
    const props = objectIn((await asking.get('/props'))?.json)
    if (props.role === 'router') return { models: rows.map(routed), slots: null, resumes: false }
    const kind = await kindOf(asking)
    const served = rows.map((row) => ({
      id: row.id,
      abilities: { ...abilitiesOf(row, props), kind },
      state: 'ready' as const,
      leaves: false,
    }))
    const resumes = kind === 'chat' && (await canResume(asking))
    return { models: served, slots: countIn(props.total_slots), resumes }
  },
}

function routed(row: ModelRow) {
  const state = states[textIn(objectIn(row.json.status).value)] ?? 'ready'
  const hasFailed = objectIn(row.json.status).failed === true
  const abilities = abilitiesOf(row, {})
  return { id: row.id, abilities, state: hasFailed ? 'broken' : state, leaves: false } as const
}

const states: Readonly<Record<string, ModelState>> = {
  loaded: 'ready',
  loading: 'loading',
  downloading: 'loading',
  unloaded: 'unloaded',
  sleeping: 'sleeping',
}

function abilitiesOf({ json }: ModelRow, props: JsonObject): Abilities {
  const { modalities, chat_template_caps: caps, chat_template: template } = props
  const takes = listIn(objectIn(json.architecture).input_modalities)
  const can = objectIn(modalities)
  const hasEffort = objectIn(caps).supports_reasoning_effort === true
  const hasSwitch = textIn(template).includes('enable_thinking')
  return {
    ...plainChat('llama'),
    context: countIn(objectIn(json.meta).n_ctx) ?? countIn(json.context_length),
    pictures: can.vision === true || takes.includes('image'),
    audio: can.audio === true || takes.includes('audio'),
    reasoning: hasEffort ? 'effort' : hasSwitch ? 'switch' : 'no',
    defaults: defaultsIn(objectIn(props.default_generation_settings).params),
  }
}

/** It does not tell that it serves embeddings or ranks, but for trying. */
async function kindOf({ post }: Asking): Promise<Kind> {
  const [ranks, embeds] = await Promise.all([
    post('/v1/rerank', { query: 'a', documents: ['a'] }),
    post('/v1/embeddings', { input: 'a', encoding_format: 'float' }),
  ])
  if (ranks?.status === 200) return 'rerank'
  return embeds?.status === 200 ? 'embedding' : 'chat'
}

async function canResume({ post }: Asking): Promise<boolean> {
  const looked = await post('/v1/streams/lookup', { conversation_ids: [] })
  return looked?.status === 200 && isList(looked.json)
}

const sampling = ['temperature', 'top_p', 'top_k', 'min_p', 'repeat_penalty'] as const

/** It writes single precision floats: 0.8 is 0.800000011920929. */
function defaultsIn(params: Json | undefined): Readonly<Record<string, number>> {
  if (!isObject(params)) return {}
  const known = sampling.flatMap((name) => {
    const value = params[name]
    return typeof value === 'number' ? [[name, Number(value.toPrecision(6))] as const] : []
  })
  return Object.fromEntries(known)
}
