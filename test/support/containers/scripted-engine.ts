import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json as jsonOf } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { frame, tarOf } from './frames.ts'
import {
  type CreateBody,
  createScriptedContainer,
  type ScriptedContainer,
  type ScriptedImage,
} from './scripted-container.ts'

export type ScriptedEngine = Awaited<ReturnType<typeof startScriptedEngine>>

export interface ScriptedEngineOptions {
  readonly product?: 'docker' | 'podman'
  /** What it has. */
  readonly images?: readonly ScriptedImage[]
  /** What it can pull. */
  readonly registry?: readonly ScriptedImage[]
}

/** How it goes wrong, until it is told otherwise. */
export interface EngineFaults {
  /** A pull answers 200, and says this in its last line. */
  pull?: string
  /** A pull begins and does not go on. */
  pullHangs?: boolean
  /** A pull begins, and sends a line every millisecond until this is taken back: then it is done. */
  pullWrites?: boolean
  /** A container is not created: 500 with this message, as Podman answers for a name in use. */
  create?: string
  /** A container is created, and its start fails with this message. */
  start?: string
  /** Requests for GPUs are ignored without a word. */
  ignoresDevices?: boolean
  /** Events come twice, or not at all. */
  events?: 'doubled' | 'lost'
  /** The memory of containers is not told. */
  stats?: 'refused'
  /** Nobody is told that a container has ended. */
  waitHangs?: boolean
  /** Podman found a container by its id, and then no more, as it is being removed: 500 to whoever asks about it. */
  removing?: boolean
  /** A container cannot be removed: 500 with this message. */
  remove?: string
}

/** Answers a request in place of the engine; false leaves it to the engine. */
export type EngineIntercept = (request: IncomingMessage, response: ServerResponse) => boolean

/** An engine on a Unix socket that answers as Docker or Podman do, and goes wrong when it is told to. */
export async function startScriptedEngine(options: ScriptedEngineOptions = {}) {
  const { product = 'docker' } = options
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-engine-'))
  const socket = join(folder, 'engine.sock')
  const images = new Set(options.images)
  const containers = new Map<string, ScriptedContainer>()
  const networks = new Map<string, Readonly<Record<string, string>>>()
  const watchers = new Set<{ label: string; tell: (event: object) => void }>()
  const sockets = new Set<Socket>()
  const asked: string[] = []
  const pulls: { readonly name: string; readonly auth: string | null }[] = []
  const faults: EngineFaults = {}
  let intercept: EngineIntercept | null = null
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.on('connection', (one) => {
    sockets.add(one)
    one.once('close', () => sockets.delete(one))
  })
  await listen()

  async function listen(): Promise<void> {
    server.listen(socket)
    await once(server, 'listening')
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    const { pathname, searchParams } = new URL(url.replace(/^\/v1\.41/, ''), 'http://engine')
    asked.push(`${method} ${pathname}`)
    if (intercept?.(request, response)) return
    const [, kind = '', ...rest] = pathname.split('/').map(decodeURIComponent)
    const action = rest.length > 1 ? (rest.at(-1) ?? '') : ''
    const id = action === '' ? (rest[0] ?? '') : rest.slice(0, -1).join('/')
    switch (`${method} ${kind}`) {
      case 'GET _ping':
        response.setHeader(
          'Server',
          product === 'docker' ? 'Docker/24.0.7 (linux)' : 'Libpod/4.3.1',
        )
        if (product === 'podman') response.setHeader('Libpod-API-Version', '4.3.1')
        return void response.end('OK')
      case 'GET info':
        return json(response, 200, { DockerRootDir: folder })
      case 'GET images':
        return inspectImage(id, response)
      case 'DELETE images':
        return removeImage(id, response)
      case 'POST images':
        return await pull(searchParams, request, response)
      case 'GET events':
        return events(searchParams, response)
      case 'POST networks':
        return createNetwork(request, response)
      case 'GET networks':
        if (id === '') return listNetworks(searchParams, response)
        return networks.has(id) ? json(response, 200, { Id: id }) : missing(response, id)
      case 'DELETE networks':
        return removeNetwork(id, response)
      case 'DELETE containers':
        return remove(id, response)
      case 'POST containers':
        if (id === 'create') return create(searchParams, request, response)
        return change(id, action, response)
      case 'GET containers':
        if (id === 'json') return list(searchParams, response)
        if (action === 'stats') return stats(id, response)
        if (action === 'logs') return logs(id, response)
        if (action !== 'archive') return inspect(id, response)
        archive(id, searchParams.get('path') ?? '', response)
        return
    }
    missing(response, pathname)
  }

  function imageOf(name: string): ScriptedImage | undefined {
    const is = (one: ScriptedImage) =>
      [one.name, one.id, one.id.slice('sha256:'.length), ...(one.digests ?? [])].includes(name)
    return [...images].find(is)
  }

  /** Podman leaves out by what an id was hashed. */
  const idText = (id: string) => (product === 'podman' ? id.slice('sha256:'.length) : id)

  async function inspectImage(name: string, response: ServerResponse): Promise<void> {
    const found = imageOf(name)
    if (!found) return missing(response, name)
    json(response, 200, {
      Id: idText(found.id),
      Size: 132_000_000,
      RepoDigests: found.digests ?? null,
      Config: { Labels: found.labels ?? null },
    })
  }

  function removeImage(name: string, response: ServerResponse): void {
    const found = imageOf(name)
    const isUsed = [...containers.values()].some((one) => one.image === found)
    if (found && !isUsed) images.delete(found)
    json(response, found ? (isUsed ? 409 : 200) : 404, found && !isUsed ? [] : { message: name })
  }

  async function pull(
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const name = query.get('fromImage') ?? ''
    const auth = request.headers['x-registry-auth']
    pulls.push({ name, auth: typeof auth === 'string' ? auth : null })
    const line = (value: object) => response.write(`${JSON.stringify(value)}\n`)
    response.writeHead(200, { 'Content-Type': 'application/json' })
    line({ status: `Pulling from ${name}`, id: 'latest' })
    line({ status: 'Pulling fs layer', id: 'aaaa', progressDetail: {} })
    line({ status: 'Downloading', id: 'aaaa', progressDetail: { current: 500, total: 1_000 } })
    if (faults.pullHangs) return
    for (
      let current = 500;
      faults.pullWrites && !response.destroyed;
      current = (current % 999) + 1
    ) {
      line({ status: 'Downloading', id: 'aaaa', progressDetail: { current, total: 1_000 } })
      await sleep(1)
    }
    const found = options.registry?.find((one) => [one.name, ...(one.digests ?? [])].includes(name))
    const message = faults.pull ?? (found ? null : `manifest for ${name} not found`)
    if (message !== null) line({ errorDetail: { message }, error: message })
    else line({ status: 'Download complete', id: 'aaaa', progressDetail: {} })
    if (message === null && found) images.add(found)
    response.end()
  }

  async function create(
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = (await jsonOf(request)) as CreateBody
    const name = query.get('name') ?? ''
    if (faults.create !== undefined) return json(response, 500, { message: faults.create })
    const image = imageOf(body.Image)
    if (!image) return missing(response, body.Image)
    const container = createScriptedContainer(name, body, image, (action) =>
      tell(container, action),
    )
    containers.set(container.id, container)
    json(response, 201, { Id: container.id, Warnings: [] })
  }

  function tell({ id, name, labels }: ScriptedContainer, action: string): void {
    if (faults.events === 'lost') return
    const event = { Type: 'container', Action: action, Actor: { ID: id, Attributes: { name } } }
    const times = faults.events === 'doubled' ? 2 : 1
    for (const watcher of watchers)
      if (hasLabel(labels, watcher.label))
        for (let time = 0; time < times; time++) watcher.tell(event)
  }

  /** As Podman says it, of a container that is there and goes. */
  function vanishes(id: string, response: ServerResponse): void {
    const message = `container ${id} does not exist in database: no such container`
    json(response, 500, { cause: 'no such container', message, response: 500 })
  }

  function containerOf(name: string): ScriptedContainer | undefined {
    return containers.get(name) ?? [...containers.values()].find((one) => one.name === name)
  }

  async function change(id: string, action: string, response: ServerResponse): Promise<void> {
    const found = containerOf(id)
    if (!found) return missing(response, id)
    if (faults.removing) return vanishes(id, response)
    if (action === 'start') return start(found, response)
    if (action === 'stop') return stop(found, response)
    if (action !== 'wait') return missing(response, action)
    if (faults.waitHangs) return
    const forget = found.whenEnded((code) => json(response, 200, { StatusCode: code }))
    response.once('close', forget)
  }

  async function start(found: ScriptedContainer, response: ServerResponse): Promise<void> {
    if (faults.start !== undefined) return json(response, 500, { message: faults.start })
    if (found.state().status === 'running') return empty(response, 304)
    await found.start()
    empty(response, 204)
  }

  async function stop(found: ScriptedContainer, response: ServerResponse): Promise<void> {
    if (found.state().status !== 'running') return empty(response, 304)
    await found.end(0)
    empty(response, 204)
  }

  async function remove(id: string, response: ServerResponse): Promise<void> {
    const found = containerOf(id)
    if (!found) return missing(response, id)
    if (faults.removing) return vanishes(id, response)
    if (faults.remove !== undefined) return json(response, 500, { message: faults.remove })
    await found.end(137)
    containers.delete(found.id)
    tell(found, 'destroy')
    empty(response, 204)
  }

  async function inspect(id: string, response: ServerResponse): Promise<void> {
    const found = containerOf(id)
    if (!found) return missing(response, id)
    if (faults.removing) return vanishes(id, response)
    const { status, exitCode, startedAt } = found.state()
    const { network, host, labels, image, body } = found
    const isRunning = status === 'running'
    const port = isRunning ? String(found.server().port) : ''
    const published =
      network === null && isRunning ? [{ HostIp: '127.0.0.1', HostPort: port }] : null
    json(response, 200, {
      Id: found.id,
      Name: product === 'docker' ? `/${found.name}` : found.name,
      Image: idText(image.id),
      State: { Status: status, ExitCode: exitCode, OOMKilled: false, StartedAt: startedAt },
      Config: { Labels: labels },
      HostConfig: {
        DeviceRequests: faults.ignoresDevices ? null : (body.HostConfig?.DeviceRequests ?? null),
      },
      NetworkSettings: {
        Ports: { '5000/tcp': published },
        Networks: network === null ? {} : { [network]: { IPAddress: isRunning ? host : '' } },
      },
    })
  }

  async function stats(id: string, response: ServerResponse): Promise<void> {
    if (!containerOf(id)) return missing(response, id)
    if (faults.stats === 'refused') return json(response, 500, { message: 'no control groups' })
    const memory_stats = { usage: 1_000, limit: 2_000, stats: { inactive_file: 300 } }
    json(response, 200, { memory_stats })
  }

  function archive(id: string, path: string, response: ServerResponse): void {
    const text = containerOf(id)?.image.files?.[path]
    if (text === undefined) missing(response, path)
    else response.end(tarOf(path.split('/').at(-1) ?? '', text))
  }

  function list(query: URLSearchParams, response: ServerResponse): void {
    const [label = ''] = JSON.parse(query.get('filters') ?? '{}').label ?? []
    const found = [...containers.values()].filter(({ labels }) => hasLabel(labels, label))
    const listed = found.map((one) => ({
      Id: one.id,
      State: one.state().status,
      Labels: one.labels,
    }))
    json(response, 200, listed)
  }

  /** As Podman: no headers before something is written. */
  async function logs(id: string, response: ServerResponse): Promise<void> {
    const found = containerOf(id)
    if (!found) return missing(response, id)
    const stop = found.read((line) => {
      if (line === null) response.end()
      else response.write(frame(1, `2026-03-01T10:00:00.123456789Z ${line}\n`))
    })
    response.once('close', stop)
  }

  function events(query: URLSearchParams, response: ServerResponse): void {
    const [label = ''] = JSON.parse(query.get('filters') ?? '{}').label ?? []
    const watcher = {
      label,
      tell: (event: object) => void response.write(`${JSON.stringify(event)}\n`),
    }
    watchers.add(watcher)
    response.writeHead(200).flushHeaders()
    response.once('close', () => watchers.delete(watcher))
  }

  function listNetworks(query: URLSearchParams, response: ServerResponse): void {
    const [label = ''] = JSON.parse(query.get('filters') ?? '{}').label ?? []
    const found = [...networks].filter(([, labels]) => hasLabel(labels, label))
    const listed = found.map(([name, labels]) => ({ Id: name, Name: name, Labels: labels }))
    json(response, 200, listed)
  }

  async function createNetwork(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { Name, Labels } = (await jsonOf(request)) as {
      readonly Name: string
      readonly Labels: Readonly<Record<string, string>>
    }
    if (networks.has(Name)) return json(response, 409, { message: 'network already exists' })
    networks.set(Name, Labels)
    json(response, 201, { Id: Name })
  }

  const isUsed = (name: string) => [...containers.values()].some(({ network }) => network === name)

  async function removeNetwork(name: string, response: ServerResponse): Promise<void> {
    if (!networks.has(name)) return missing(response, name)
    if (isUsed(name)) return json(response, 403, { message: 'network has active endpoints' })
    networks.delete(name)
    empty(response, 204)
  }

  async function goAway(): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const one of sockets) one.destroy()
    await closed
  }

  return {
    url: `unix://${socket}`,
    address: { name: 'local', socket, origin: 'http://engine', certificate: null },
    faults,
    /** Every request so far, as `POST /containers/create`. */
    asked,
    /** The pulls that were asked for, with the header that proves who asks. */
    pulls,
    images,
    networks,
    /** The containers that it has, the oldest first. */
    containers: () => [...containers.values()],
    /** Takes every request from now on, until it is given null. */
    intercept(next: EngineIntercept | null): void {
      intercept = next
    },
    /** Creates and starts a container beside those that were asked for over the socket. */
    async run(name: string, body: CreateBody): Promise<ScriptedContainer> {
      const image = imageOf(body.Image)
      if (!image) throw new Error(`There is no image ${body.Image}`)
      const container = createScriptedContainer(name, body, image, (did) => tell(container, did))
      containers.set(container.id, container)
      await container.start()
      return container
    },
    /** Its service ends; its containers go on. */
    goAway,
    /** Its service starts again. */
    comeBack: listen,
    async close(): Promise<void> {
      await goAway()
      await Promise.all([...containers.values()].map((one) => one.end(137)))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const at = wanted.indexOf('=')
  return at < 0 ? wanted in labels : labels[wanted.slice(0, at)] === wanted.slice(at + 1)
}

function missing(response: ServerResponse, name: string): void {
  json(response, 404, { message: `no such object: ${name}` })
}

function empty(response: ServerResponse, status: number): void {
  response.writeHead(status).end()
}

function json(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
