import { webUrl } from '../../../domain/address.ts'
import { formatJson, isObject, type JsonObject } from '../../../domain/json/json.ts'
import { objectIn } from '../../../domain/json/parts.ts'
import type { UpstreamClient, UpstreamResponse } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import {
  type Asking,
  type Described,
  type Dialect,
  type ModelsAnswer,
  modelRows,
} from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { isLoadingAnswer } from '../run/refusal.ts'

/** A server as it was found. */
export type Sighting =
  | Serving
  /** It answers, and cannot run anything yet. */
  | { readonly kind: 'loading'; readonly sentence: string }
  /** It does not answer to us: `key` when it wants another key. */
  | { readonly kind: 'closed'; readonly sentence: string; readonly wants: 'key' | null }
  /** It has not got OpenAI's API, or nothing answers. */
  | { readonly kind: 'other'; readonly sentence: string; readonly isAway: boolean }

export interface Serving extends Described {
  readonly kind: 'serving'
  readonly dialect: Dialect
  /** Where its runs are sent: with `/v1`, but for Ollama. */
  readonly root: string
  /** The same while its list of models is. */
  readonly list: string
}

/**
 * Finds out what serves at a base URL, with a key if it has one. A server whose list of models is that of
 * `before` is not asked more than it must be. Never throws for what a server does.
 */
export async function identify(
  base: string,
  key: string | null,
  client: UpstreamClient,
  before: Sighting | null = null,
): Promise<Sighting> {
  const asking = createAsking(base, key, client)
  let first: UpstreamResponse
  try {
    first = await client.get(`${base}/v1/models`, authorization(key))
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    const sentence = `The server at ${base} cannot be reached: ${error.message}.`
    return { kind: 'other', sentence, isAway: !error.sent }
  }
  const obstacle = await obstacleIn(first, key, asking)
  if (obstacle) return obstacle
  const { root, models } = await modelsAt(asking, first)
  const list = listKey(models)
  const known = before?.kind === 'serving' && before.list === list ? before : null
  if (known && !known.dialect.hasStates) return known
  for (const dialect of known ? [known.dialect] : dialects)
    if (await dialect.recognise(asking, models)) {
      const described = await dialect.describe(asking, models, known)
      const own = dialect.name === 'ollama' ? base : root
      if (described) return { ...described, kind: 'serving', dialect, root: own, list }
    }
  const sentence = `The server at ${base} does not answer as one with OpenAI’s API.`
  return { kind: 'other', sentence, isAway: false }
}

/** The parts of a list of models that do not change with each request. */
function listKey(models: ModelsAnswer | null): string {
  const rows = models?.rows.map(({ id, json }) => {
    const { max_model_len = null, architecture = null, status, meta } = json
    const { value = null, failed = null } = objectIn(status)
    return [id, max_model_len, architecture, value, failed, objectIn(meta).n_ctx ?? null]
  })
  return formatJson(rows ?? null)
}

/** The header that carries a key; none without one. */
export function authorization(key: string | null): Readonly<Record<string, string>> {
  return key === null ? {} : { Authorization: `Bearer ${key}` }
}

function createAsking(base: string, key: string | null, client: UpstreamClient): Asking {
  const headers = authorization(key)
  const orNull = (asked: Promise<UpstreamResponse>) =>
    asked.catch((error) => {
      if (error instanceof RequestError) return null
      throw error
    })
  return {
    base,
    get: (path) => orNull(client.get(`${base}${path}`, headers)),
    post: (path, body: JsonObject) =>
      orNull(client.post(`${base}${path}`, formatJson(body), headers)),
  }
}

/** Some services have their models at another path than `/v1`. */
async function modelsAt(
  asking: Asking,
  first: UpstreamResponse,
): Promise<{ readonly root: string; readonly models: ModelsAnswer | null }> {
  const { base } = asking
  const rows = first.status === 200 ? modelRows(first.json) : null
  if (rows) return { root: `${base}/v1`, models: { response: first, rows } }
  const second = new URL(base).pathname === '/' ? null : await asking.get('/models')
  const otherRows = second?.status === 200 ? modelRows(second.json) : null
  if (second && otherRows) return { root: base, models: { response: second, rows: otherRows } }
  return { root: `${base}/v1`, models: null }
}

/** Why a server that answers cannot be asked anything; null when it can. */
async function obstacleIn(
  first: UpstreamResponse,
  key: string | null,
  { base, get }: Asking,
): Promise<Sighting | null> {
  if (isLoadingAnswer(first.status, first.json))
    return { kind: 'loading', sentence: `The server at ${base} is still loading its model.` }
  const isOurs = isObject(first.json)
  if (isOurs && (first.status === 401 || first.status === 403)) {
    const wish = key === null ? 'wants an API key' : 'refuses its API key: it needs another one'
    return { kind: 'closed', sentence: `The server at ${base} ${wish}.`, wants: 'key' }
  }
  const elsewhere = first.status >= 300 && first.status < 400 ? originOf(first, base) : null
  if (elsewhere !== null) return { kind: 'closed', sentence: sendsOn(base, elsewhere), wants: null }
  // Ollama answers so without a word when it does not know the name of its host.
  if (first.status === 403 && first.text === '' && (await get('/api/version'))?.status === 403)
    return { kind: 'closed', sentence: unknownHost(base), wants: null }
  return null
}

/** Where a server sends a request on to, without the path; null when that is no address, or its own. */
function originOf({ headers: { location } }: UpstreamResponse, base: string): string | null {
  const url = typeof location === 'string' ? URL.parse(location, base) : null
  return url && webUrl(url.href) && url.origin !== new URL(base).origin ? url.origin : null
}

function sendsOn(base: string, elsewhere: string): string {
  return `The server at ${base} sends requests on to ${elsewhere.slice(0, 300)}. Use that address, if it is the one that you mean.`
}

function unknownHost(base: string): string {
  const { hostname } = new URL(base)
  return `The server at ${base} refuses every request. If it is Ollama, it does not answer to the name ${hostname}: use its IP address, or start it with OLLAMA_HOST=0.0.0.0.`
}
