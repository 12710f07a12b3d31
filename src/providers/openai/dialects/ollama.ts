import { isObject, type JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import { createSemaphore } from '../../../semaphore.ts'
import { type Abilities, plainChat } from '../servers/abilities.ts'
import { type Asking, countIn, type Dialect, isModelId, type ServedModel } from './dialect.ts'

/** Ollama, by its own API: what it serves as OpenAI's loses errors and the settings of models. */
export const ollama: Dialect = {
  name: 'ollama',
  title: 'Ollama',
  hasStates: true,
  async recognise({ get }) {
    const [version, home] = await Promise.all([get('/api/version'), get('/')])
    const says = version?.status === 200 && isObject(version.json) && version.json.version
    return typeof says === 'string' && home?.text.trim() === 'Ollama is running'
  },
  async describe(asking, _models, before) {
    const tags = await asking.get('/api/tags')
    if (tags?.status !== 200 || !isObject(tags.json)) return null
    const loaded = await loadedModels(asking)
    const semaphore = createSemaphore(mostAtOnce)
    const known = new Map(before?.models.map((one) => [one.id, one]))
    const rows = listIn(tags.json.models).slice(0, mostModels).filter(isObject)
    const models = await Promise.all(
      rows.map((row) => semaphore.run(() => served(row, asking, loaded, known))),
    )
    return { models: models.filter((one) => one !== null), slots: 1, resumes: false }
  },
}

const mostModels = 500
const mostAtOnce = 4

async function loadedModels({ get }: Asking): Promise<ReadonlySet<string>> {
  const running = await get('/api/ps')
  return new Set(listIn(objectIn(running?.json).models).map((one) => textIn(objectIn(one).name)))
}

async function served(
  row: JsonObject,
  asking: Asking,
  loaded: ReadonlySet<string>,
  known: ReadonlyMap<string, ServedModel>,
): Promise<ServedModel | null> {
  const id = row.name ?? row.model
  if (!isModelId(id)) return null
  const digest = textIn(row.digest)
  const state = loaded.has(id) ? 'ready' : 'unloaded'
  const before = known.get(id)
  if (before && before.digest === digest) return { ...before, state }
  // Older servers tell the abilities of one model at a time.
  const told = Array.isArray(row.capabilities)
    ? row
    : objectIn((await asking.post('/api/show', { model: id }))?.json)
  return {
    id,
    abilities: abilitiesOf(id, told),
    state,
    digest,
    leaves: textIn(row.remote_host) !== '' || id.endsWith(':cloud'),
  }
}

function abilitiesOf(id: string, told: JsonObject): Abilities {
  const can = new Set(listIn(told.capabilities).map(textIn))
  const thinks = can.has('thinking')
  const isEmbedding = can.has('embedding') && !can.has('completion')
  return {
    ...plainChat('ollama'),
    kind: isEmbedding ? 'embedding' : 'chat',
    context: countIn(objectIn(told.details).context_length) ?? contextIn(told.model_info),
    pictures: can.has('vision'),
    audio: can.has('audio'),
    reasoning: thinks ? (id.startsWith('gpt-oss') ? 'effort' : 'switch') : 'no',
  }
}

/** The key begins with the name of the architecture: `llama.context_length`. */
function contextIn(info: JsonObject[string] | undefined): number | null {
  const members = Object.entries(objectIn(info))
  return countIn(members.find(([name]) => name.endsWith('.context_length'))?.[1])
}
