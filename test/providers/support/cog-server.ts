import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { isObject, type Json, type JsonObject } from '../../../src/domain/json/json.ts'
import { type Generation, problemsOf, refusal } from './cog-generations.ts'
import { type CogModel, type CogRun, startCogRun } from './cog-run.ts'

export type CogServer = Awaited<ReturnType<typeof startCogServer>>

export interface CogServerOptions {
  readonly model: CogModel
  readonly generation?: Generation
  /** How many predictions it takes at once. */
  readonly concurrency?: number
  /** Whether it starts with its set-up still under way. */
  readonly booting?: boolean
  /** The title of its OpenAPI document: Cog's own is “Cog”. */
  readonly title?: string
  /** Where it listens: at a free port of the loopback interface when left out. */
  readonly address?: { readonly host: string; readonly port: number }
}

/** Answers a request in place of the server; false leaves it to the server. */
export type Intercept = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Json,
) => boolean | Promise<boolean>

/**
 * A Cog container: it answers as the server of its generation does, by what was measured of those
 * and of what coglet documents, and goes wrong when it is told to.
 */
export async function startCogServer(options: CogServerOptions) {
  const { generation = '0.16', concurrency = 1 } = options
  let { model } = options
  const coglet = generation === 'coglet'
  const sockets = new Set<Socket>()
  const asked: string[] = []
  const bodies: Json[] = []
  let runs = new Map<string, CogRun>()
  const asynchronous = new Set<string>()
  let state = options.booting ? 'STARTING' : 'READY'
  let setupLogs = 'Loading weights\n'
  let instance = new Date(Date.UTC(2026, 0, 1)).toISOString()
  let intercept: Intercept | null = null
  let starts = 0

  const busy = () => [...runs.values()].filter((run) => !run.isOver()).length
  const underWay = (id: string) => {
    const run = runs.get(id)
    return run && !run.isOver() ? run : null
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const listen = async (port: number) => {
    server.listen(port, options.address?.host ?? '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await listen(options.address?.port ?? 0)
  const origin = `http://127.0.0.1:${port}`

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { method = '', url: path = '' } = request
    const body = await bodyOf(request)
    asked.push(`${method} ${path}`)
    if (intercept && (await intercept(request, response, body))) return
    const [, id, cancel] = /^\/predictions\/([^/]+)(\/cancel)?$/.exec(path) ?? []
    if (method === 'GET' && path === '/health-check') return json(response, 200, health())
    if (method === 'GET' && path === '/openapi.json') return openapi(response)
    if (method === 'GET' && path === '/') return json(response, 200, discovery(generation))
    if (method === 'POST' && id && cancel) return cancelRun(id, response)
    if (method === 'PUT' && id) return predict(id, body, request, response)
    json(response, path.startsWith('/predictions') ? 405 : 404, { detail: 'Method Not Allowed' })
  }

  function health(): JsonObject {
    const status = state === 'READY' && busy() >= concurrency ? 'BUSY' : state
    const done = state === 'SETUP_FAILED' ? 'failed' : 'succeeded'
    const setup =
      state === 'STARTING' && !coglet
        ? {}
        : state === 'STARTING'
          ? { started_at: instance, status: 'starting', logs: setupLogs }
          : { started_at: instance, completed_at: instance, status: done, logs: setupLogs }
    const version = coglet ? { version: { coglet: '0.22.0', cog: '0.22.0', python: '3.12' } } : {}
    const error = state === 'UNHEALTHY' ? { user_healthcheck_error: 'The GPU is gone' } : {}
    return { status, setup, ...version, ...error }
  }

  function openapi(response: ServerResponse) {
    if (coglet && state === 'STARTING')
      return json(response, 503, { error: 'OpenAPI schema not available' })
    const streaming = coglet && model.streams ? { 'x-cog-streaming': true } : {}
    json(response, 200, {
      openapi: '3.0.2',
      info: { title: options.title ?? 'Cog', version: '0.1.0' },
      paths: { '/predictions': { post: { summary: 'Predict', ...streaming } } },
      components: {
        schemas: {
          Input: model.input,
          Output: model.output,
          ...model.others,
          PredictionRequest: { type: 'object', title: `PredictionRequest ${generation}` },
        },
      },
    })
  }

  function predict(id: string, body: Json, request: IncomingMessage, response: ServerResponse) {
    const asksForEvents = request.headers.accept === 'text/event-stream'
    const known = underWay(id)
    const problems = problemsOf(isObject(body) ? body.input : undefined, model.input, generation)
    if (coglet && asksForEvents && !model.streams)
      return json(response, 406, { error: 'This predictor does not stream' })
    if (coglet && known) return json(response, 202, known.snapshot())
    if (state === 'SETUP_FAILED' && !coglet) return json(response, 500, null)
    if (problems.length > 0) return json(response, 422, refusal(problems, generation))
    if (known) return json(response, 202, known.snapshot())
    if (coglet && state !== 'READY')
      return json(response, 503, { error: 'Setup has not finished yet', status: 'failed' })
    if (state !== 'READY' || busy() >= concurrency)
      return json(
        response,
        409,
        coglet
          ? { error: 'At capacity - all prediction slots busy', status: 'failed' }
          : { detail: 'Already running a prediction' },
      )
    const isAsync = request.headers.prefer === 'respond-async'
    return run(id, body as JsonObject, { events: asksForEvents && coglet, isAsync }, response)
  }

  async function run(
    id: string,
    body: JsonObject,
    { events, isAsync }: { readonly events: boolean; readonly isAsync: boolean },
    response: ServerResponse,
  ) {
    bodies.push(body)
    starts++
    const started = startCogRun({ id, body, model })
    runs.set(id, started)
    if (isAsync) {
      asynchronous.add(id)
      return json(response, 202, started.snapshot())
    }
    // Python goes on for whoever comes back; a coglet does not.
    if (coglet) response.on('close', () => response.writableFinished || started.cancel())
    if (events) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      started.follow((event, data) =>
        response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      )
      await started.over
      response.end()
      return
    }
    const result = await started.over
    if (runs.get(id) === started) json(response, 200, coglet ? withoutNulls(result) : result)
  }

  function cancelRun(id: string, response: ServerResponse): void {
    // Cog 0.9 knows no run whose answer is waited for.
    const known = generation === '0.9' && !asynchronous.has(id) ? null : underWay(id)
    known?.cancel()
    json(response, known ? 200 : 404, {})
  }

  async function kill(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    for (const one of runs.values()) one.die()
    runs = new Map()
    await closed
  }

  return {
    origin,
    port,
    /** Every request so far, as `PUT /predictions/ID`. */
    asked,
    /** The request body of each run. */
    bodies,
    /** How many runs were started, this start and those before. */
    starts: () => starts,
    /** How many are at work. */
    working: () => busy(),
    /** The set-up is done, or failed. */
    become(
      next: 'STARTING' | 'READY' | 'SETUP_FAILED' | 'DEFUNCT' | 'UNHEALTHY',
      logs = setupLogs,
    ) {
      state = next
      setupLogs = logs
    },
    /** Takes every request from now on, until it is given null. */
    intercept(next: Intercept | null) {
      intercept = next
    },
    /** Takes other inputs from now on, and says nothing of it. */
    serveSame(next: CogModel) {
      model = next
    },
    /** Another model from now on, as after a deployment. */
    serve(next: CogModel) {
      model = next
      instance = new Date(Date.parse(instance) + 60_000).toISOString()
    },
    /** Ends it as SIGKILL does: everything it was at is gone, its connections too. */
    kill,
    /** Starts it again, at the same address. */
    async restart() {
      instance = new Date(Date.parse(instance) + 60_000).toISOString()
      await listen(port)
    },
    /** Drops what it works on without a word, and holds on to the connections. */
    forget() {
      for (const one of runs.values()) one.die()
      runs = new Map()
    },
    /** Closes every connection, and goes on with what it is at. */
    dropConnections() {
      for (const socket of sockets) socket.destroy()
    },
    /** Ends it for good; it may be gone already. */
    async close() {
      if (server.listening) await kill()
    },
  }
}

/** The response at a container's root: Cog 0.9 does not name its version. */
function discovery(generation: Generation): JsonObject {
  const addresses = { docs_url: '/docs', openapi_url: '/openapi.json' }
  if (generation === '0.9') return addresses
  const cog_version = cogVersions[generation]
  const more = { shutdown_url: '/shutdown', healthcheck_url: '/health-check' }
  return { cog_version, ...addresses, ...more, predictions_url: '/predictions' }
}

const cogVersions = { '0.14': '0.14.12', '0.16': '0.16.8', coglet: '0.22.0' } as const

function json(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** Rust leaves out what Python says is null. */
function withoutNulls(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text === '' ? null : (JSON.parse(text) as Json)
}
