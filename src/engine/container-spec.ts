import { createHash } from 'node:crypto'
import { canonicalJson, type Json, type JsonObject } from '../domain/json/json.ts'
import type { EngineFacts } from './client.ts'

/** The body of a request that creates a container. */
export type ContainerSpec = JsonObject

/** How the containers of a model are run. */
export interface ContainerSettings {
  /** The id of its image: `sha256:…`. */
  readonly image: string
  /** GPUs by index or UUID, as the engine knows them; empty for none. */
  readonly gpus: readonly string[]
  /** In bytes; null for as much as there is. */
  readonly memory: number | null
  /** How many CPUs, also a fraction; null for as many as there are. */
  readonly cpus: number | null
  /** Whether it may reach other hosts, as for weights that its set-up downloads. */
  readonly isOpen: boolean
  /** Whether its files cannot be changed, except below `/tmp`. */
  readonly isReadOnly: boolean
  /** Whether the image brings a process that reaps others. */
  readonly hasInit: boolean
  /** Variables of the operator’s. */
  readonly environment: Readonly<Record<string, string>>
}

export interface SpecOptions {
  readonly settings: ContainerSettings
  readonly product: EngineFacts['product']
  /**
   * The address at which a port of the container is published, which is the loopback interface for a server that runs
   * on the host; or the name of a network that the server shares with its containers.
   */
  readonly reach: { readonly publishAt: string } | { readonly network: string }
  readonly labels: Readonly<Record<string, string>>
}

/** The port of Cog’s server, in the container. */
export const cogPort = '5000/tcp'

/** What `cog run` gives: the loaders of PyTorch die with the 64 MB that engines give. */
const sharedMemoryBytes = 6 * 2 ** 30
/** Enough for a server with its workers; a container that forks without end stops there. */
const mostProcesses = 4096

/**
 * The body that creates a container of a model. The operator who names an image is trusted, its author is not: no
 * capabilities, no new privileges, nothing of the host mounted, and no environment of this server.
 */
export function containerSpec({ settings, product, reach, labels }: SpecOptions): ContainerSpec {
  const { image, gpus, memory, cpus, isReadOnly, hasInit, environment } = settings
  const shared = memory === null ? sharedMemoryBytes : Math.min(sharedMemoryBytes, memory / 2)
  return {
    Image: image,
    Env: Object.entries({ PORT: '5000', ...environment }).map(([key, value]) => `${key}=${value}`),
    Labels: labels,
    ...('publishAt' in reach ? { ExposedPorts: { [cogPort]: {} } } : {}),
    HostConfig: {
      ...('publishAt' in reach
        ? { PortBindings: { [cogPort]: [{ HostIp: reach.publishAt, HostPort: '' }] } }
        : { NetworkMode: reach.network }),
      // The same limit for both: no swap.
      ...(memory === null ? {} : { Memory: memory, MemorySwap: memory }),
      ...(cpus === null ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
      PidsLimit: mostProcesses,
      ShmSize: Math.floor(shared),
      ...(isReadOnly ? { ReadonlyRootfs: true, Tmpfs: { '/tmp': '' } } : {}),
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      ...(hasInit ? {} : { Init: true }),
      // Podman takes no options of a log.
      ...(product === 'docker'
        ? { LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } } }
        : {}),
      ...(gpus.length === 0 ? {} : { DeviceRequests: [gpuRequest(gpus)] }),
    },
  }
}

function gpuRequest(ids: readonly string[]): Json {
  return { Driver: 'nvidia', DeviceIDs: ids, Capabilities: [['gpu']] }
}

/** Tells containers that were created alike: SHA-256 of what they were created from. */
export function specHash(spec: ContainerSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex')
}
