import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Json, JsonObject } from '../../../src/domain/json/json.ts'
import { recorded } from '../../support/transcripts.ts'
import { type ComfyNodes, classDocuments } from './comfy-nodes.ts'
import { type ServedSocket, serveSockets } from './web-socket-server.ts'

/** The body of `POST /prompt`. */
interface SentBody {
  readonly prompt: Readonly<Record<string, SentNode>>
  readonly prompt_id?: string
  readonly client_id: string
}

/** A prompt that the server was sent. */
export interface SentPrompt {
  readonly id: string
  readonly clientId: string
  readonly number: number
  readonly nodes: Readonly<Record<string, SentNode>>
  readonly interrupt: AbortController
}

export interface SentNode {
  readonly class_type: string
  readonly inputs: JsonObject
}

export interface ComfyServerOptions {
  /** The classes of nodes that it has besides the recorded ones. */
  readonly nodes?: ComfyNodes
  /** Answers a request in place of the server; false when it does not. */
  readonly instead?: (request: IncomingMessage, response: ServerResponse) => boolean
  readonly port?: number
  /** Whether it ignores the ids that prompts are sent with, as older servers do. */
  readonly namesPrompts?: boolean
  /** The header `Authorization` without which a proxy before it lets nobody in. */
  readonly authorization?: string
  /** Whether it cuts the connection instead of answering a prompt that it accepted. */
  readonly losesAnswers?: () => boolean
}

export type ComfyServer = Awaited<ReturnType<typeof startComfyServer>>

/** A scripted server that behaves as ComfyUI 0.3.64 was recorded to. */
export async function startComfyServer(options: ComfyServerOptions = {}) {
  const {
    nodes = {},
    instead,
    port = 0,
    namesPrompts = false,
    losesAnswers,
    authorization,
  } = options
  const waiting: SentPrompt[] = []
  let running: SentPrompt | null = null
  const history = new Map<string, JsonObject>()
  const files = new Map<string, Buffer>()
  const sockets = new Map<string, ServedSocket>()
  const asked: string[] = []
  const prompts: SentPrompt[] = []
  const documents = { ...classDocuments(nodes) }
  let isUp = true

  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (!letsIn(request)) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="gpu"' }).end('<h1>401</h1>')
      return
    }
    if (instead?.(request, response)) return
    await answer(request, response)
  })
  serveSockets(
    server,
    (request, socket) => {
      asked.push(`WS ${request.headers.origin ?? 'without an origin'}`)
      if (!letsIn(request)) return socket.cut()
      sockets.set(clientOf(request), socket)
      socket.send(JSON.stringify({ type: 'status', data: { status: { exec_info: {} } } }))
    },
    (request) => sockets.delete(clientOf(request)),
  )
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function letsIn({ headers }: IncomingMessage): boolean {
    return authorization === undefined || headers.authorization === authorization
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const body = await buffer(request)
    const send = (json: Json, status = 200) => {
      response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' })
      response.end(JSON.stringify(json))
    }
    const [, part = '', name = ''] = pathname.split('/').map(decodeURIComponent)
    switch (`${request.method} /${part}`) {
      case 'GET /system_stats':
        return void response.end(recorded('comfy', 'system-stats').response.body)
      case 'GET /object_info':
        return send(documents[name] === undefined ? {} : { [name]: documents[name] })
      case 'GET /prompt':
        return send({ exec_info: { queue_remaining: waiting.length + (running ? 1 : 0) } })
      case 'POST /prompt':
        return accept(JSON.parse(body.toString()), (json, status) =>
          losesAnswers?.() ? request.socket.destroy() : send(json, status),
        )
      case 'GET /queue':
        return send({
          queue_running: running ? [item(running)] : [],
          queue_pending: waiting.map(item),
        })
      case 'POST /queue':
        for (const id of JSON.parse(body.toString()).delete) remove(id)
        return void response.end()
      case 'POST /interrupt':
        if (JSON.parse(body.toString()).prompt_id === running?.id) running?.interrupt.abort()
        return void response.end()
      case 'GET /history': {
        const record = history.get(name)
        return send(record ? { [name]: record } : {})
      }
      case 'POST /upload':
        return send(await upload(request, body))
      case 'GET /view': {
        const key = `${searchParams.get('type')}/${searchParams.get('subfolder')}/${searchParams.get('filename')}`
        const file = files.get(key)
        response.writeHead(file ? 200 : 404)
        return void response.end(file)
      }
      default:
        response.writeHead(404)
        response.end('404: Not Found')
    }
  }

  function accept(sent: SentBody, send: (json: Json, status?: number) => void): void {
    const unknown = Object.entries(sent.prompt).find(([, { class_type }]) => !documents[class_type])
    if (unknown) {
      const { response } = recorded('comfy', 'bad-class-unknown')
      send(JSON.parse(response.body.toString()), 400)
      return
    }
    const made = `made-${prompts.length}`
    const id = namesPrompts ? made : (sent.prompt_id ?? made)
    const prompt = {
      id,
      clientId: sent.client_id,
      number: prompts.length,
      nodes: sent.prompt,
      interrupt: new AbortController(),
    }
    prompts.push(prompt)
    waiting.push(prompt)
    send({ prompt_id: id, number: prompt.number, node_errors: {} })
    void work()
  }

  async function work(): Promise<void> {
    if (running) return
    running = waiting.shift() ?? null
    if (!running) return
    const prompt = running
    const record = await execute(prompt)
    if (!isUp || running !== prompt) return
    history.set(prompt.id, record)
    running = null
    tell(prompt, 'executing', { node: null })
    await work()
  }

  function tell({ id, clientId }: SentPrompt, type: string, data: JsonObject): void {
    sockets.get(clientId)?.send(JSON.stringify({ type, data: { prompt_id: id, ...data } }))
  }

  /** Runs the nodes in the order of the prompt; answers its record. */
  async function execute(prompt: SentPrompt): Promise<JsonObject> {
    const outputs: Record<string, Json> = {}
    const states: Record<string, Json> = {}
    tell(prompt, 'execution_start', {})
    tell(prompt, 'execution_cached', { nodes: [] })
    for (const [node, { class_type, inputs }] of Object.entries(prompt.nodes)) {
      states[node] = { value: 0, max: 1, state: 'running' }
      tell(prompt, 'progress_state', { nodes: states })
      tell(prompt, 'executing', { node })
      const { signal } = prompt.interrupt
      const context = {
        signal,
        files,
        progress: (value: number, max: number) => tell(prompt, 'progress', { value, max, node }),
        preview: (bytes: Uint8Array) => sockets.get(prompt.clientId)?.send(bytes),
      }
      try {
        const made = await nodes[class_type]?.run?.(inputs, context)
        if (made) {
          outputs[node] = made
          tell(prompt, 'executed', { node, output: made })
        }
      } catch (error) {
        return recordOf(prompt, {}, 'error', failure(error, node, class_type, signal.aborted))
      }
      if (signal.aborted)
        return recordOf(prompt, {}, 'error', ['execution_interrupted', { node_id: node }])
      states[node] = { value: 1, max: 1, state: 'finished' }
      tell(prompt, 'progress_state', { nodes: states })
    }
    tell(prompt, 'execution_success', {})
    return recordOf(prompt, outputs, 'success', ['execution_success', {}])
  }

  async function upload(request: IncomingMessage, body: Buffer): Promise<Json> {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'Content-Type': request.headers['content-type'] ?? '' },
    }).formData()
    const file = form.get('image') as File
    const subfolder = String(form.get('subfolder') ?? '')
    files.set(`input/${subfolder}/${file.name}`, Buffer.from(await file.arrayBuffer()))
    return { name: file.name, subfolder, type: 'input' }
  }

  function remove(id: string): void {
    const at = waiting.findIndex((prompt) => prompt.id === id)
    if (at >= 0) waiting.splice(at, 1)
  }

  return {
    url,
    asked,
    prompts,
    files,
    history,
    /** Describes the inputs of a class in another way from now on. */
    describe(name: string, input: JsonObject): void {
      documents[name] = { name, input: { required: input }, output_node: false }
    },
    /** Sends a message to all clients. */
    tellAll(message: string | Uint8Array): void {
      for (const socket of sockets.values()) socket.send(message)
    },
    /** How many prompts it works on. */
    working: () => (running ? 1 : 0),
    queued: () => waiting.length,
    /** Loses all prompts, as a restart does. */
    forget() {
      running?.interrupt.abort()
      running = null
      waiting.length = 0
      history.clear()
    },
    /** Cuts the sockets of all clients, as a proxy may. */
    cutSockets() {
      for (const socket of sockets.values()) socket.cut()
    },
    async close() {
      isUp = false
      running?.interrupt.abort()
      running = null
      for (const socket of sockets.values()) socket.cut()
      server.closeAllConnections()
      server.close()
    },
  }
}

function clientOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://host').searchParams.get('clientId') ?? ''
}

function item({ number, id, nodes, clientId }: SentPrompt): Json {
  return [number, id, JSON.parse(JSON.stringify(nodes)), { client_id: clientId }, []]
}

function failure(error: unknown, node: string, type: string, isInterrupted: boolean): Json {
  if (isInterrupted) return ['execution_interrupted', { node_id: node, node_type: type }]
  const message = `${error instanceof Error ? error.message : error}\n`
  return [
    'execution_error',
    {
      node_id: node,
      node_type: type,
      exception_message: message,
      exception_type: 'RuntimeError',
      traceback: ['  File "/opt/ComfyUI/execution.py", line 496\n'],
    },
  ]
}

function recordOf(
  { number, id }: SentPrompt,
  outputs: JsonObject,
  status: string,
  last: Json,
): JsonObject {
  const messages = [['execution_start', { prompt_id: id }], last]
  return {
    prompt: [number, id, {}, {}, []],
    outputs,
    status: { status_str: status, completed: status === 'success', messages },
    meta: {},
  }
}
