import { z } from 'zod'
import type { InstanceMemory } from '../domain/instance/state.ts'
import type { EngineAddress } from './address.ts'
import { asEngineError, type Call, createConnection, type ReadJson } from './connection.ts'
import type { ContainerSpec } from './container-spec.ts'
import { EngineError, isMissing } from './engine-error.ts'
import { jsonLines } from './json-lines.ts'
import { type LogLine, logLines } from './log-frames.ts'

/** A container engine: Docker, or Podman by the same API. Every call may reject with `EngineError`. */
export type Engine = ReturnType<typeof createEngine>

export interface EngineFacts {
  readonly product: 'docker' | 'podman'
  /** As it writes it: `24.0.7`, `4.3.1`. Empty when it does not say. */
  readonly version: string
}

/** An image that the engine has. */
export interface EngineImage {
  /** `sha256:` and 64 hex digits: what containers are run by, as tags move. */
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  /** Its names with a digest, by which it can be pulled again: `r8.im/ann/video@sha256:…`. */
  readonly digests: readonly string[]
  /** In bytes. */
  readonly size: number
}

/** A container as the engine describes it. */
export interface EngineContainer {
  readonly id: string
  readonly name: string
  /** The id of its image. */
  readonly image: string
  /** `created`, `running`, `exited` and others. */
  readonly status: string
  /** Null while it has not ended. */
  readonly exitCode: number | null
  readonly startedAt: number | null
  /** `127.0.0.1:41234` of each published port, by `5000/tcp`. */
  readonly ports: Readonly<Record<string, string>>
  /** Its own addresses, by network. */
  readonly addresses: Readonly<Record<string, string>>
  /** Whether it was given the GPUs that were asked for. */
  readonly hasDevices: boolean
  readonly labels: Readonly<Record<string, string>>
}

/** A container of a list. */
export interface ListedContainer {
  readonly id: string
  readonly status: string
  readonly labels: Readonly<Record<string, string>>
}

/** Something that happened to a container: `die`, `start`. It may come twice, or not at all. */
export interface EngineEvent {
  readonly action: string
  readonly container: string
}

/** A line of a pull that is under way. */
export interface PullLine {
  /** The layer; null for the image as a whole. */
  readonly layer: string | null
  readonly status: string
  /** In bytes; null where the engine gives no numbers, as Podman does. */
  readonly done: number | null
  readonly total: number | null
}

const texts = z.record(z.string(), z.string()).nullish()

const imageShape = z.object({
  Id: z.string(),
  Size: z.number().catch(0),
  RepoDigests: z.array(z.string()).nullish(),
  Config: z.object({ Labels: texts }).nullish(),
})

const containerShape = z.object({
  Id: z.string(),
  Name: z.string().catch(''),
  Image: z.string().catch(''),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number().nullish(),
    StartedAt: z.string().nullish(),
  }),
  Config: z.object({ Labels: texts }).nullish(),
  HostConfig: z.object({ DeviceRequests: z.array(z.unknown()).nullish() }).nullish(),
  NetworkSettings: z
    .object({
      Ports: z
        .record(
          z.string(),
          z.array(z.object({ HostIp: z.string().nullish(), HostPort: z.string() })).nullish(),
        )
        .nullish(),
      Networks: z.record(z.string(), z.object({ IPAddress: z.string().nullish() })).nullish(),
      IPAddress: z.string().nullish(),
    })
    .nullish(),
})

const listShape = z.array(z.object({ Id: z.string(), State: z.string(), Labels: texts }))

const eventShape = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string() }),
})

const pullShape = z.object({
  id: z.string().nullish(),
  status: z.string().nullish(),
  progressDetail: z
    .object({ current: z.number().nullish(), total: z.number().nullish() })
    .nullish(),
  error: z.string().nullish(),
  errorDetail: z.object({ message: z.string().nullish() }).nullish(),
})

const statsShape = z.object({
  memory_stats: z
    .object({
      usage: z.number().nullish(),
      limit: z.number().nullish(),
      stats: z
        .object({
          /** Of the second version of control groups. */
          inactive_file: z.number().nullish(),
          /** Of the first. */
          total_inactive_file: z.number().nullish(),
        })
        .nullish(),
    })
    .nullish(),
})

/** How long the memory of a container may take to be told, in milliseconds. */
const statsMs = 2_000

const created = z.object({ Id: z.string() })

/** How long a container may take to end when it is stopped, in seconds, before it is killed. */
const stopSeconds = 10

export function createEngine(address: EngineAddress, readJson: ReadJson) {
  const connection = createConnection(address, readJson)

  async function read<T>(shape: z.ZodType<T>, call: Call): Promise<T> {
    const parsed = shape.safeParse(await connection.json(call))
    if (parsed.success) return parsed.data
    throw new EngineError('the engine answered in an unknown form', 200, { cause: parsed.error })
  }

  /** Null where the engine knows no such thing. */
  async function readOrNull<T>(shape: z.ZodType<T>, call: Call): Promise<T | null> {
    try {
      return await read(shape, call)
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  async function image(name: string): Promise<EngineImage | null> {
    const found = await readOrNull(imageShape, { path: `/images/${name}/json` })
    if (!found) return null
    const { Id, Size, RepoDigests, Config } = found
    return {
      id: withAlgorithm(Id),
      labels: Config?.Labels ?? {},
      digests: RepoDigests ?? [],
      size: Size,
    }
  }

  return {
    name: address.name,
    /** Which engine it is. */
    async facts(): Promise<EngineFacts> {
      const { headers, body } = await connection.open({ path: '/_ping', withinMs: 5_000 })
      body.resume()
      const podman = headers['libpod-api-version']
      if (typeof podman === 'string') return { product: 'podman', version: podman }
      const [, version = ''] = /Docker\/(\S+)/.exec(String(headers.server ?? '')) ?? []
      return { product: 'docker', version }
    },
    /** Where it keeps its images, on its host; null when it does not say. */
    async folder(): Promise<string | null> {
      const shape = z.object({ DockerRootDir: z.string().nullish() })
      return (await read(shape, { path: '/info', withinMs: 5_000 })).DockerRootDir || null
    },
    /** An image by name or id; null when the engine does not have it. */
    image,
    /**
     * Pulls an image, and yields how far it is. A failure may come with status 200, and only in the
     * last lines: it is thrown as an `EngineError` all the same, and so is an image that is not there
     * at the end.
     *
     * @param auth The header `X-Registry-Auth`; null for none.
     */
    async *pull(name: string, auth: string | null, signal: AbortSignal): AsyncGenerator<PullLine> {
      const path = `/images/create?${new URLSearchParams({ fromImage: name })}`
      const headers = auth === null ? {} : { 'X-Registry-Auth': auth }
      const { body } = await connection.open({ method: 'POST', path, headers, signal })
      let failure: string | null = null
      try {
        for await (const json of jsonLines(body)) {
          const line = pullShape.safeParse(json)
          if (!line.success) continue
          const { id, status, progressDetail, error, errorDetail } = line.data
          failure ??= errorDetail?.message ?? error ?? null
          if (typeof status !== 'string') continue
          yield {
            layer: id ?? null,
            status,
            done: progressDetail?.current ?? null,
            total: progressDetail?.total ?? null,
          }
        }
      } catch (error) {
        throw asEngineError(error)
      }
      if (failure !== null) throw new EngineError(failure, 200)
      if (!(await image(name))) throw new EngineError('the image is not there after the pull', 200)
    },
    /** Removes an image by its id; false when a container is there of it, it has several names, or it is gone. */
    async removeImage(id: string): Promise<boolean> {
      // With `force`, Podman would remove its containers, too.
      const call = { method: 'DELETE', path: `/images/${id}` } as const
      const status = await connection.done({ ...call, alsoFine: [404, 409] })
      return status < 300
    },
    /** Creates a container; resolves with its id. It does not run yet. */
    async create(name: string, spec: ContainerSpec): Promise<string> {
      const path = `/containers/create?${new URLSearchParams({ name })}`
      return (await read(created, { method: 'POST', path, body: spec })).Id
    },
    /** Starts a container. When that fails, the container is still there, and to be removed. */
    async start(id: string): Promise<void> {
      await connection.done({ method: 'POST', path: `/containers/${id}/start`, alsoFine: [304] })
    },
    /** Null when there is no such container any more. */
    async inspect(id: string): Promise<EngineContainer | null> {
      const found = await readOrNull(containerShape, { path: `/containers/${id}/json` })
      return found && containerOf(found)
    },
    /** All containers with a label, those that have ended included. */
    async list(label: string): Promise<readonly ListedContainer[]> {
      const filters = JSON.stringify({ label: [label] })
      const path = `/containers/json?${new URLSearchParams({ all: '1', filters })}`
      const found = await read(listShape, { path })
      return found.map(({ Id, State, Labels }) => ({
        id: Id,
        status: State,
        labels: Labels ?? {},
      }))
    },
    /** Asks a container to end, and kills it when it has not after a while. It does not wait for a run. */
    async stop(id: string): Promise<void> {
      const path = `/containers/${id}/stop?t=${stopSeconds}`
      await connection.done({ method: 'POST', path, alsoFine: [304, 404] })
    },
    /** Removes a container, and ends it first. */
    async remove(id: string): Promise<void> {
      const path = `/containers/${id}?force=1&v=1`
      await connection.done({ method: 'DELETE', path, alsoFine: [404] })
    },
    /** Resolves with the exit code when a container has ended; null when it is gone. */
    async ended(id: string, signal: AbortSignal): Promise<number | null> {
      const path = `/containers/${id}/wait?condition=not-running`
      const shape = z.object({ StatusCode: z.number() })
      const call = { method: 'POST', path, signal, withinMs: null } as const
      return (await readOrNull(shape, call))?.StatusCode ?? null
    },
    /** The memory that a container uses, without the files that are cached, and may use; null when it is not told. */
    async memory(id: string): Promise<InstanceMemory | null> {
      const path = `/containers/${id}/stats?stream=false&one-shot=true`
      const found = await readOrNull(statsShape, { path, withinMs: statsMs })
      if (!found?.memory_stats?.usage) return null
      const { usage, limit, stats } = found.memory_stats
      const cached = stats?.inactive_file ?? stats?.total_inactive_file ?? 0
      return { used: Math.max(0, usage - cached), most: limit ?? null }
    },
    /** A file in a container, as a tar archive; null when there is none. The container need not run. */
    async file(id: string, path: string): Promise<Uint8Array | null> {
      const query = new URLSearchParams({ path })
      try {
        return await connection.bytes({ path: `/containers/${id}/archive?${query}` })
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },
    /** The lines that a container writes, until it ends. Podman does not even answer before something is written. */
    async *logs(id: string, signal: AbortSignal): AsyncGenerator<LogLine> {
      const query = 'stdout=1&stderr=1&follow=1&timestamps=1'
      const { body } = await connection.open({ path: `/containers/${id}/logs?${query}`, signal })
      try {
        yield* logLines(body)
      } catch (error) {
        throw asEngineError(error)
      }
    },
    /** Events of containers with a label, from now on. It ends when the engine goes away. */
    async *events(label: string, signal: AbortSignal): AsyncGenerator<EngineEvent> {
      const filters = JSON.stringify({ type: ['container'], label: [label] })
      const path = `/events?${new URLSearchParams({ filters })}`
      const { body } = await connection.open({ path, signal })
      try {
        for await (const json of jsonLines(body)) {
          const event = eventShape.safeParse(json)
          if (event.success) yield { action: event.data.Action, container: event.data.Actor.ID }
        }
      } catch (error) {
        throw asEngineError(error)
      }
    },
    /** Creates a network without a way out, unless there is one of that name. */
    async ensureNetwork(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
      const found = await readOrNull(z.object({ Id: z.string().nullish() }).loose(), {
        path: `/networks/${name}`,
      })
      if (found) return
      const body = { Name: name, CheckDuplicate: true, Internal: true, Labels: labels }
      await connection.done({ method: 'POST', path: '/networks/create', body, alsoFine: [409] })
    },
    async removeNetwork(name: string): Promise<void> {
      await connection.done({ method: 'DELETE', path: `/networks/${name}`, alsoFine: [404] })
    },
    /** Removes the networks with a label that no container uses. */
    async pruneNetworks(label: string): Promise<void> {
      const filters = JSON.stringify({ label: [label] })
      const path = `/networks/prune?${new URLSearchParams({ filters })}`
      await connection.done({ method: 'POST', path })
    },
    /** Ends all requests under way. */
    close: () => connection.close(),
  }
}

function containerOf(found: z.infer<typeof containerShape>): EngineContainer {
  const { Id, Name, Image, State, Config, HostConfig, NetworkSettings } = found
  const startedAt = Date.parse(State.StartedAt ?? '')
  const ports = Object.entries(NetworkSettings?.Ports ?? {}).flatMap(([port, bound]) => {
    const [first] = bound ?? []
    return first ? [[port, `${first.HostIp || '127.0.0.1'}:${first.HostPort}`] as const] : []
  })
  const networks = Object.entries(NetworkSettings?.Networks ?? {}).flatMap(
    ([name, { IPAddress }]) => (IPAddress ? [[name, IPAddress] as const] : []),
  )
  return {
    id: Id,
    // Docker writes it with a slash before it.
    name: Name.replace(/^\//, ''),
    image: withAlgorithm(Image),
    status: State.Status,
    exitCode: hasEnded(State.Status) ? (State.ExitCode ?? null) : null,
    // An engine writes the year 1 of a container that has never started.
    startedAt: startedAt > 0 ? startedAt : null,
    ports: Object.fromEntries(ports),
    addresses: Object.fromEntries(networks),
    hasDevices: (HostConfig?.DeviceRequests ?? []).length > 0,
    labels: Config?.Labels ?? {},
  }
}

/** Whether a container with this status does not run any more. */
export function hasEnded(status: string): boolean {
  return status === 'exited' || status === 'dead'
}

/** Podman leaves out of an id by what it was hashed. */
function withAlgorithm(id: string): string {
  return id.startsWith('sha256:') ? id : `sha256:${id}`
}
