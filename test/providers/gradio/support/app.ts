import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { Json, JsonObject } from '../../../../src/domain/json/json.ts'

/** A function of a stand-in, as it would be written in Python. */
export interface AppFunction {
  /** Its parameters by name, each with its type in `/info`. */
  readonly inputs: Readonly<Record<string, JsonObject>>
  /** The type of what it returns. */
  readonly output: JsonObject
  readonly isGenerator?: boolean
  run(call: Call): Promise<Json>
}

/** A call of a function while it is at work. */
export interface Call {
  readonly data: readonly Json[]
  /** Aborts when the run is canceled or the client hangs up; a plain function takes no notice of it. */
  readonly signal: AbortSignal
  send(message: JsonObject): void
  log(text: string): void
  /** Sends a value of a generator: all of it at first, and what replaces it later. */
  make(value: Json): void
  /** The bytes of an uploaded file. */
  uploaded(path: string): Buffer
  /** Puts a file where it can be fetched; returns how it is written in a value. */
  file(name: string, bytes: Buffer): Json
  /** Ends the app as SIGKILL does. */
  die(): void
}

/** A text, as `/info` and `/config` have it. */
export const text: JsonObject = { type: 'string' }
export const whole: JsonObject = { type: 'integer' }
export const anything: JsonObject = { type: {}, description: 'any valid json' }
export const file: JsonObject = {
  type: 'object',
  properties: { path: {}, url: {}, orig_name: {}, meta: {} },
}

interface Session {
  readonly event: string
  readonly call: { readonly fn: AppFunction; readonly data: readonly Json[] }
  readonly stop: AbortController
}

export type StandIn = Awaited<ReturnType<typeof startApp>>

/** A Gradio app that answers as 6.25.0 does. */
export async function startApp(functions: Readonly<Record<string, AppFunction>>) {
  const sessions = new Map<string, Session>()
  const files = new Map<string, Buffer>()
  const sockets = new Set<Socket>()
  const asked: string[] = []
  let working = 0
  const names = Object.keys(functions)

  const server = createServer(async (request, response) => {
    const { method, url = '' } = request
    const [path = '', query = ''] = url.split('?')
    asked.push(`${method} ${path}`)
    if (path === '/config') return json(response, 200, configOf(functions))
    if (path === '/gradio_api/info') return json(response, 200, infoOf(functions))
    if (path === '/gradio_api/upload') return upload(request, response)
    if (path.startsWith('/gradio_api/file=')) return sendFile(path, response)
    if (path === '/gradio_api/queue/data')
      return follow(new URLSearchParams(query).get('session_hash') ?? '', response)
    const body = method === 'POST' ? JSON.parse((await buffer(request)).toString('utf8')) : {}
    if (path === '/gradio_api/queue/join') return join(body, response)
    if (path === '/gradio_api/cancel') {
      sessions.get(body.session_hash)?.stop.abort()
      return json(response, 200, { success: true })
    }
    json(response, 404, { detail: 'Not Found' })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  function join(
    { fn_index, data, session_hash }: { fn_index: number; data: Json[]; session_hash: string },
    response: ServerResponse,
  ): void {
    const fn = functions[names[fn_index] ?? '']
    if (!fn) return void response.writeHead(500).end('Internal Server Error')
    const event = `event-${sessions.size + 1}`
    sessions.set(session_hash, { event, call: { fn, data }, stop: new AbortController() })
    json(response, 200, { event_id: event })
  }

  async function follow(name: string, response: ServerResponse): Promise<void> {
    const session = sessions.get(name)
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' })
    const write = (message: JsonObject) =>
      void response.write(`data: ${JSON.stringify(message)}\n\n`)
    if (!session) {
      write({ msg: 'unexpected_error', message: '404: Not Found', session_not_found: true })
      return void response.socket?.end()
    }
    const { event, stop } = session
    const send = (message: JsonObject) => write({ event_id: event, ...message })
    response.once('close', () => stop.abort())
    send({ msg: 'estimation', rank: 0, queue_size: 1, rank_eta: null })
    send({ msg: 'process_starts', eta: null })
    working++
    const output = await run(session, send).finally(() => {
      working--
    })
    if (stop.signal.aborted) send({ msg: 'process_completed', output: {}, success: true })
    else send({ msg: 'process_completed', ...output, title: null })
    write({ msg: 'close_stream', event_id: null })
    response.end()
  }

  async function run(
    { call, stop }: Session,
    send: (message: JsonObject) => void,
  ): Promise<JsonObject> {
    let made = 0
    const generating = (data: Json) =>
      send({ msg: 'process_generating', output: { data, is_generating: true }, success: true })
    try {
      const value = await call.fn.run({
        data: call.data,
        signal: call.fn.isGenerator ? stop.signal : new AbortController().signal,
        send,
        log: (log) => send({ msg: 'log', log, level: 'info', title: 'Info' }),
        make: (value) => generating(made++ === 0 ? [value] : [[['replace', [], value]]]),
        uploaded: (path) => files.get(path) ?? Buffer.alloc(0),
        file(name, bytes) {
          const path = `/srv/gradio/${files.size}/${name}`
          files.set(path, bytes)
          const url = `http://elsewhere.example/file=${path}`
          return { path, url, orig_name: name, meta: { _type: 'gradio.FileData' } }
        },
        die: kill,
      })
      return { success: true, output: { data: [value], duration: 0.5 } }
    } catch (error) {
      const reason = error instanceof Error ? error.message : null
      return { success: false, output: { error: reason, title: 'Error' } }
    }
  }

  async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = request.headers['content-type'] ?? ''
    const body = new Blob([await buffer(request)])
    const form = await new Response(body, { headers: { 'Content-Type': type } }).formData()
    const paths: string[] = []
    for (const one of form.getAll('files'))
      if (one instanceof File) {
        const path = `/srv/gradio/${files.size}/${one.name}`
        files.set(path, Buffer.from(await one.arrayBuffer()))
        paths.push(path)
      }
    json(response, 200, paths)
  }

  function sendFile(path: string, response: ServerResponse): void {
    const found = files.get(decodeURIComponent(path.slice('/gradio_api/file='.length)))
    response.writeHead(found ? 200 : 403).end(found)
  }

  function kill(): void {
    for (const socket of sockets) socket.destroy()
    server.close()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    /** How many functions are at work. */
    working: () => working,
    kill,
  }
}

function json(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

function configOf(functions: Readonly<Record<string, AppFunction>>): Json {
  const components: Json[] = []
  const component = (name: string) =>
    components.push({ id: components.length + 1, type: 'textbox', props: { label: name } })
  return {
    version: '6.25.0',
    protocol: 'sse_v3',
    api_prefix: '/gradio_api',
    title: 'Stand-in',
    components,
    dependencies: Object.entries(functions).map(([name, { inputs, isGenerator }], id) => ({
      id,
      api_name: name,
      api_visibility: 'public',
      inputs: Object.keys(inputs).map(component),
      outputs: [component('Output')],
      types: { generator: isGenerator ?? false, cancel: false },
      queue: true,
    })),
  }
}

function infoOf(functions: Readonly<Record<string, AppFunction>>): Json {
  const named = Object.entries(functions).map(([name, { inputs, output }]) => [
    `/${name}`,
    {
      description: '',
      parameters: Object.entries(inputs).map(([parameter, type]) => ({
        label: parameter,
        parameter_name: parameter,
        parameter_has_default: false,
        type,
        component: 'Textbox',
      })),
      returns: [{ label: 'Output', type: output, component: 'Textbox' }],
    },
  ])
  return { named_endpoints: Object.fromEntries(named), unnamed_endpoints: {} }
}

/** Waits, until the run is canceled at the latest. */
export async function work(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: false }).catch(() => {})
}
