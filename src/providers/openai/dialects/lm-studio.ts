import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import type { Abilities } from '../servers/abilities.ts'
import { abilitiesById } from './by-id.ts'
import { countIn, type Dialect, type ModelState, type ServedModel } from './dialect.ts'

/** LM Studio, which loads a model when it is first used. Its own API changed with version 0.4. */
export const lmStudio: Dialect = {
  name: 'lm-studio',
  title: 'LM Studio',
  hasStates: true,
  async recognise({ get }) {
    const [now, before] = await Promise.all([get('/api/v1/models'), get('/api/v0/models')])
    return newModels(now?.json) !== null || oldModels(before?.json) !== null
  },
  async describe({ get }) {
    const now = newModels((await get('/api/v1/models'))?.json)
    const models = now ?? oldModels((await get('/api/v0/models'))?.json)
    return models && { models, slots: null, resumes: false }
  },
}

function newModels(json: Json | undefined): readonly ServedModel[] | null {
  return (
    rowsWith(objectIn(json).models, 'key')?.map((row) => {
      const loaded = listIn(row.loaded_instances)
      const { context_length: allocated } = objectIn(objectIn(loaded[0]).config)
      return served(textIn(row.key), loaded.length > 0 ? 'ready' : 'unloaded', {
        kind: row.type === 'embedding' ? 'embedding' : 'chat',
        context: countIn(allocated) ?? countIn(row.max_context_length),
        pictures: objectIn(row.capabilities).vision === true,
      })
    }) ?? null
  )
}

function oldModels(json: Json | undefined): readonly ServedModel[] | null {
  return (
    rowsWith(objectIn(json).data, 'state')?.map((row) =>
      served(textIn(row.id), states[textIn(row.state)] ?? 'unloaded', {
        kind: row.type === 'embeddings' ? 'embedding' : 'chat',
        context: countIn(row.loaded_context_length) ?? countIn(row.max_context_length),
        pictures: row.type === 'vlm',
      }),
    ) ?? null
  )
}

const states: Readonly<Record<string, ModelState>> = { loaded: 'ready', loading: 'loading' }

const mostModels = 1_000

/** The rows of a list that all have a text of this name, by which it is LM Studio's; null otherwise. */
function rowsWith(rows: Json | undefined, name: string): readonly JsonObject[] | null {
  if (!isList(rows)) return null
  const read = rows.slice(0, mostModels).filter(isObject)
  return read.every((row) => typeof row[name] === 'string') && read.length > 0 ? read : null
}

function served(
  id: string,
  state: ModelState,
  told: Pick<Abilities, 'kind' | 'context' | 'pictures'>,
): ServedModel {
  const abilities = { ...abilitiesById(id, 'lm-studio'), ...told }
  return { id, abilities, state, leaves: false }
}
