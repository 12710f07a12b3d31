import { z } from 'zod'
import type { InstanceMemory } from '../../domain/instance/state.ts'
import type { EngineConnection } from '../connection.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { createReading, labeled, nullWhenMissing, texts, withAlgorithm } from './reading.ts'

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

/** The calls of an engine about containers. */
export function containerCalls(connection: EngineConnection) {
  const { read, readOrNull } = createReading(connection)

  return {
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
      const query = new URLSearchParams({ all: '1', filters: labeled(label) })
      const path = `/containers/json?${query}`
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
      await nullWhenMissing(connection.done({ method: 'POST', path, alsoFine: [304] }))
    },
    /** Removes a container, and ends it first. */
    async remove(id: string): Promise<void> {
      const path = `/containers/${id}?force=1&v=1`
      await nullWhenMissing(connection.done({ method: 'DELETE', path }))
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
      return nullWhenMissing(connection.bytes({ path: `/containers/${id}/archive?${query}` }))
    },
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
