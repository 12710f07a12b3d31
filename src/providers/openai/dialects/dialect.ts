import { isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { listIn, textIn } from '../../../domain/json/parts.ts'
import type { UpstreamResponse } from '../../upstream/client.ts'
import type { Abilities, DialectName } from '../servers/abilities.ts'

/** Small requests to a server, with its key. They resolve with null when it does not answer in time. */
export interface Asking {
  /** The URL without `/v1`. */
  readonly base: string
  /** A path after `base`, such as `/api/tags`. */
  get(path: string): Promise<UpstreamResponse | null>
  post(path: string, body: JsonObject): Promise<UpstreamResponse | null>
}

/** The response to `GET /v1/models`, from which most servers can be told. */
export interface ModelsAnswer {
  readonly response: UpstreamResponse
  readonly rows: readonly ModelRow[]
}

/** A line of a list of models. */
export interface ModelRow {
  readonly id: string
  readonly ownedBy: string
  readonly json: JsonObject
}

/**
 * The state of a model at its server. `unloaded` and `sleeping`: the next run loads it, or wakes it up, which takes a
 * while. `asleep`: only somebody at the server wakes it up. `broken`: it could not be loaded the last time.
 */
export type ModelState = 'ready' | 'loading' | 'unloaded' | 'sleeping' | 'asleep' | 'broken'

/** A model as its server describes it. */
export interface ServedModel {
  readonly id: string
  readonly abilities: Abilities
  readonly state: ModelState
  /** Whether what it is given leaves the server for a service elsewhere. */
  readonly leaves: boolean
  /** Changes when the model does; left out where its id says it all. */
  readonly digest?: string
}

/** A server as it describes itself. */
export interface Described {
  readonly models: readonly ServedModel[]
  /** How many runs it takes at once; null when it does not say. */
  readonly slots: number | null
  /** Whether a stream goes on without its client, and can be followed again: llama.cpp. */
  readonly resumes: boolean
  /** Whether its models can be put to sleep, and it tells when they are: vLLM. */
  readonly sleeps?: boolean
}

/** How the servers of one kind describe themselves. */
export interface Dialect {
  readonly name: DialectName
  /** `llama.cpp server`. */
  readonly title: string
  /** Whether the server is of this kind. `models` is null when it has no list of models. */
  recognise(asking: Asking, models: ModelsAnswer | null): boolean | Promise<boolean>
  /**
   * Null when it did not answer as those of its kind do. `before` is what it said the last time: its models
   * are not asked about again.
   */
  describe(
    asking: Asking,
    models: ModelsAnswer | null,
    before: Described | null,
  ): Promise<Described | null>
  /** Whether the state of its models is told apart from the list of models. */
  readonly hasStates: boolean
}

/** The most models of one server that are read. */
const mostModels = 1_000
const mostIdUnits = 300

/** The models of a list in OpenAI's form. Ollama writes null for an empty one. */
export function modelRows(json: Json | undefined): readonly ModelRow[] | null {
  if (!isObject(json) || !Object.hasOwn(json, 'data')) return null
  if (json.data !== null && !Array.isArray(json.data)) return null
  return listIn(json.data)
    .slice(0, mostModels)
    .flatMap((row) => {
      if (!isObject(row) || !isModelId(row.id)) return []
      return [{ id: row.id, ownedBy: textIn(row.owned_by), json: row }]
    })
}

export function isModelId(id: Json | undefined): id is string {
  return typeof id === 'string' && id !== '' && id.length <= mostIdUnits && !/\p{Cc}/u.test(id)
}

/** A number of tokens or of slots; null for anything else. */
export function countIn(json: Json | undefined): number | null {
  return typeof json === 'number' && Number.isSafeInteger(json) && json > 0 ? json : null
}
