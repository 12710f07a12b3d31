import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { newId } from '../../../src/domain/id.ts'
import type { Json, JsonObject } from '../../../src/domain/json/json.ts'

export type ReplicateServer = Awaited<ReturnType<typeof startReplicate>>

/** A model as a test writes it. */
export interface ScriptedModel {
  readonly input?: JsonObject
  readonly output?: JsonObject
  /** Further members of the model, named as in Replicate's API. */
  readonly shown?: JsonObject
  readonly readme?: string
  /** The script of a run. Returning without a status means success with the output so far. */
  readonly run?: (run: ScriptedRun) => unknown
}

export type ScriptedRun = ReturnType<typeof createRun>

/** A fault in place of a response. */
export type Fault =
  | { readonly status: number; readonly body?: Json; readonly headers?: Record<string, string> }
  /** No answer, ever. */
  | 'silence'
  /** The connection is closed: before anything is done, or after. */
  | 'cut before'
  | 'cut after'
  /** It is done, and the answer is half of one, or is no JSON, or has no end. */
  | 'half'
  | 'garbage'
  | 'huge'

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export const token = 'r8_a_token_for_tests'
export const signingKey = `whsec_${Buffer.from('a secret for tests').toString('base64')}`

/** Replicate's API as documented, on this machine: models are scripts, and faults are ordered. */
export async function startReplicate(models: Readonly<Record<string, ScriptedModel>>, port = 0) {
  const runs = new Map<string, ScriptedRun>()
  const files = new Map<string, { name: string; type: string; content: Buffer }>()
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let held: (request: Seen) => Promise<void> | null = () => null
  const kept = new Map<string, ReturnType<typeof versionOf>>()
  let fault: (request: Seen) => Fault | null | undefined = () => null
  let key = signingKey

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    const body = await buffer(request)
    const one = { method, path: url.replace(/^\/v1\//, ''), headers, body }
    seen.push(one)
    await held(one)
    const wrong = fault(one) ?? null
    if (wrong === 'silence') return
    if (wrong === 'cut before') return void response.destroy()
    if (wrong !== null && typeof wrong === 'object')
      return problem(response, wrong.status, wrong.body ?? {}, wrong.headers)
    if (url.startsWith('/streams/')) return stream(one, response)
    if (headers.authorization !== `Bearer ${token}`)
      return problem(response, 401, {
        title: 'Unauthenticated',
        detail: 'You did not pass a valid authentication token',
      })
    const [status, made] = route(one)
    if (wrong === 'cut after') return void response.destroy()
    if (Buffer.isBuffer(made)) return void response.writeHead(status).end(made)
    const text = JSON.stringify(made)
    if (wrong === 'huge') return endless(response)
    response.writeHead(status, { 'Content-Type': 'application/json' })
    if (wrong === 'half') response.end(text.slice(0, text.length / 2))
    else response.end(wrong === 'garbage' ? '<html>Bad gateway</html>' : text)
  }

  function route({ method, path, headers, body }: Seen): readonly [number, Json | Buffer] {
    const [what = '', ...rest] = path.split('/')
    const missing = [404, { detail: 'The requested resource could not be found.' }] as const
    if (path === 'account') return [200, { type: 'user', username: 'tester' }]
    if (path === 'webhooks/default/secret') return [200, { key }]
    if (path.startsWith('search?')) return [200, searched(path)]
    if (path === 'predictions' && method === 'POST') return create(JSON.parse(body.toString()))
    if (what === 'predictions') {
      const run = runs.get(rest[0] ?? '')
      if (!run) return missing
      if (rest[1] === 'cancel') run.cancel()
      return [200, run.json()]
    }
    if (what === 'files') return method === 'POST' ? keep(headers, body) : content(rest)
    const [owner = '', name = '', part, version] = rest
    const model = models[`${owner}/${name}`]
    if (what !== 'models' || !model) return missing
    if (part === 'readme') return model.readme ? [200, Buffer.from(model.readme)] : missing
    const own = versionOf(`${owner}/${name}`, model)
    if (part === 'versions') {
      if (version === undefined) return [200, { results: [own], next: null, previous: null }]
      const found = version === own.id ? own : kept.get(`${owner}/${name}:${version}`)
      return found ? [200, found] : missing
    }
    return [
      200,
      { owner, name, latest_version: own, description: `It is ${name}.`, ...model.shown },
    ]
  }

  /** Every model whose name has the query. */
  function searched(path: string): Json {
    const query = new URLSearchParams(path.slice('search?'.length)).get('query') ?? ''
    const names = Object.keys(models).filter((name) => name.includes(query))
    const found = names.map((name) => {
      const [owner = '', own = ''] = name.split('/')
      const model = { owner, name: own, description: `It is <${own}>.`, run_count: 1234 }
      return { model, metadata: {} }
    })
    return { query, models: found, collections: [], pages: [] }
  }

  function create({ version, input, webhook }: JsonObject): readonly [number, Json] {
    const [name = '', asked] = String(version).split(':')
    const model = models[name]
    if (
      !model ||
      (asked !== undefined && asked !== versionOf(name, model).id && !kept.has(`${name}:${asked}`))
    )
      return [422, { title: 'Invalid version or not permitted', detail: 'No such version.' }]
    const run = createRun(origin, {
      model: name,
      input: input as JsonObject,
      webhook: webhook ?? null,
    })
    runs.set(run.id, run)
    setImmediate(() => begin(run, model.run ?? (() => run.make('done'))))
    return [201, run.json()]
  }

  function keep(headers: Seen['headers'], body: Buffer): readonly [number, Json] {
    const id = newId(randomBytes(16))
    const part = contentPart(headers['content-type'] ?? '', body)
    files.set(id, part)
    return [201, { id, size: part.content.length, urls: { get: `${origin}/v1/files/${id}` } }]
  }

  function content([id = '']: readonly string[]): readonly [number, Json | Buffer] {
    const file = files.get(id)
    return file ? [200, file.content] : [404, { detail: 'Not found.' }]
  }

  /** Server-sent events, taken up after the one that the client had last. */
  function stream({ path, headers }: Seen, response: ServerResponse): void {
    const run = runs.get(path.split('/').at(-1) ?? '')
    if (!run) return void response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    run.listen(response, String(headers['last-event-id'] ?? ''))
  }

  return {
    url: new URL(`${origin}/v1`),
    origin,
    port: Number(new URL(origin).port),
    seen,
    files,
    /** Runs in the order they were asked for. */
    runs: () => [...runs.values()],
    forget: (id: string) => runs.delete(id),
    /** The requests to a path, such as `POST predictions`. */
    asked: (what: string) =>
      seen.filter(({ method, path }) => `${method} ${path}`.startsWith(what)),
    /** Decides for each request what goes wrong with it. */
    fail(decide: (request: Seen) => Fault | null | undefined): void {
      fault = decide
    },
    /** Faults of the next requests to a path, in order. */
    failNext(what: string, ...faults: Fault[]): void {
      fault = ({ method, path }) =>
        `${method} ${path}`.startsWith(what) ? faults.shift() : undefined
    },
    /** Has requests wait before they are answered. */
    hold(until: (request: Seen) => Promise<void> | null): void {
      held = until
    },
    /** A version of a model that is not its latest. */
    keepVersion: (name: string, version: ReturnType<typeof versionOf>) =>
      kept.set(`${name}:${version.id}`, version),
    changeKey(next: string): void {
      key = next
    },
    async close(): Promise<void> {
      for (const run of runs.values()) run.cancel()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function versionOf(
  name: string,
  { input = {}, output = { type: 'string' } }: ScriptedModel,
) {
  const schemas = { Input: { type: 'object', properties: input }, Output: output }
  const text = JSON.stringify([name, schemas])
  return {
    id: createHash('sha256').update(text).digest('hex'),
    created_at: '2026-01-02T03:04:05.678901Z',
    cog_version: '0.16.0',
    openapi_schema: { openapi: '3.0.2', components: { schemas } },
  }
}

interface Asked {
  readonly model: string
  readonly input: JsonObject
  readonly webhook: Json
}

async function begin(run: ScriptedRun, script: (run: ScriptedRun) => unknown): Promise<void> {
  try {
    await script(run)
    run.end('succeeded')
  } catch (error) {
    run.fail(String(error))
  }
}

/** One run, as the service sees it: what it has made so far, and who listens. */
function createRun(origin: string, { model, input, webhook }: Asked) {
  const id = newId(randomBytes(16))
  const canceled = new AbortController()
  const events: string[] = []
  const listeners = new Set<{ response: ServerResponse; at: number; sent: number }>()
  const state = {
    status: 'starting',
    output: undefined as Json | undefined,
    error: null as Json,
    logs: '',
    metrics: {} as JsonObject,
    streams: false,
    cutEvery: Infinity,
    extra: {} as JsonObject,
  }

  function tell(): void {
    for (const listener of listeners) {
      while (listener.at < events.length && listener.sent++ < state.cutEvery)
        listener.response.write(events[listener.at++])
      if (listener.at < events.length) {
        listeners.delete(listener)
        listener.response.destroy()
      }
    }
  }

  function event(name: string, data: string): void {
    const lines = data.split('\n').map((line) => `data: ${line}\n`)
    events.push(`event: ${name}\nid: 1690212292:${events.length}\n${lines.join('')}\n`)
    tell()
  }

  function settle(status: string): void {
    if (['succeeded', 'failed', 'canceled', 'aborted'].includes(state.status)) return
    state.status = status
    event('done', status === 'succeeded' ? '{}' : `{"reason":"${status}"}`)
  }

  return {
    id,
    input,
    webhook,
    state,
    events,
    signal: canceled.signal,
    /** The model works on it. */
    start(): void {
      if (state.status === 'starting') state.status = 'processing'
    },
    log(text: string): void {
      this.start()
      state.logs += text
    },
    make(output: Json): void {
      this.start()
      state.output = output
    },
    /** One piece of text, in the output and on the stream. */
    write(text: string): void {
      this.make([...((state.output as readonly Json[] | undefined) ?? []), text])
      event('output', text)
    },
    fail(error: Json): void {
      state.error = error
      settle('failed')
    },
    end: settle,
    cancel(): void {
      settle('canceled')
      canceled.abort()
    },
    /** Some time of work, which a cancellation cuts short. */
    async work(ms: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms)
      canceled.signal.addEventListener('abort', () => resolve())
      await promise
      clearTimeout(timer)
    },
    listen(response: ServerResponse, lastId: string): void {
      const at = lastId === '' ? 0 : Number(lastId.split(':')[1]) + 1
      const listener = { response, at, sent: 0 }
      listeners.add(listener)
      response.on('close', () => listeners.delete(listener))
      tell()
    },
    listeners: () => listeners.size,
    json(): JsonObject {
      const { status, output, error, logs, metrics, streams, extra } = state
      const get = `${origin}/v1/predictions/${id}`
      return {
        id,
        model,
        version: 'hidden',
        input,
        ...(output === undefined ? {} : { output }),
        status,
        error,
        logs,
        metrics,
        data_removed: false,
        created_at: '2026-01-02T03:04:05.678Z',
        webhook,
        urls: {
          get,
          cancel: `${get}/cancel`,
          web: `https://replicate.com/p/${id}`,
          ...(streams ? { stream: `${origin}/streams/${id}` } : {}),
        },
        ...extra,
      }
    },
  }
}

function problem(
  response: ServerResponse,
  status: number,
  body: Json,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers })
  response.end(
    typeof body === 'string' ? body : JSON.stringify({ status, ...(body as JsonObject) }),
  )
}

function endless(response: ServerResponse): void {
  const more = () => {
    while (response.write('"'.padEnd(64 * 1024, 'x')) && !response.destroyed);
  }
  response.on('drain', more).on('error', () => {})
  more()
}

/** The file of a form, as Replicate's files API wants it: a part `content` with a filename. */
function contentPart(type: string, body: Buffer) {
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? ''
  const text = body.toString('latin1')
  const part = text.split(`--${boundary}`).find((one) => one.includes('name="content"')) ?? ''
  const [head = '', ...rest] = part.split('\r\n\r\n')
  return {
    name: Buffer.from(/filename="([^"]*)"/.exec(head)?.[1] ?? '', 'latin1').toString(),
    type: /content-type: (\S+)/i.exec(head)?.[1] ?? '',
    content: Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1'),
  }
}
