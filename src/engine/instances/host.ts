import { createHash } from 'node:crypto'
import { type Engine, type EngineContainer, type EngineFacts, hasEnded } from '../client.ts'
import { cogPort, containerSpec, specHash } from '../container-spec.ts'
import { EngineError } from '../engine-error.ts'
import { labels } from '../labels.ts'
import { createNetworks } from './networks.ts'
import type { Workload } from './workload.ts'

/** How this server reaches the containers of an engine. */
export interface HostOptions {
  readonly engine: Engine
  /** The label of the containers that are ours. */
  readonly server: string
  /**
   * The network that this server is in, when it runs in a container itself; null when it runs on the host of the
   * engine.
   */
  readonly sharedNetwork: string | null
}

export type Host = ReturnType<typeof createHost>

/** A container that was found at its engine, or has just been started. */
export interface Started {
  readonly container: string
  readonly origin: string
}

/** What a container is created from, with the labels by which it is found again. */
interface Plan {
  readonly image: string
  readonly gpus: readonly string[]
}

/** Creates, finds and removes our containers at one engine. */
export function createHost({ engine, server, sharedNetwork }: HostOptions) {
  const networks = createNetworks(engine, server)
  const label = `${labels.server}=${server}`
  let facts: Promise<EngineFacts> | null = null

  /** Asked once, and again after a failure. */
  function product(): Promise<EngineFacts> {
    facts ??= engine.facts().catch((error) => {
      facts = null
      throw error
    })
    return facts
  }

  /** The network without a way out that the containers of a workload have to themselves; null for none. */
  function closedNetworkOf({ model, container }: Workload): string | null {
    if (sharedNetwork !== null || container.isOpen) return null
    return `sandpit-${createHash('sha256').update(`${server} ${model}`).digest('hex').slice(0, 12)}`
  }

  async function specOf(workload: Workload, { image, gpus }: Plan) {
    const { container } = workload
    const network = sharedNetwork ?? closedNetworkOf(workload)
    const spec = containerSpec({
      settings: { ...container, image, gpus },
      product: (await product()).product,
      reach: network === null ? 'port' : { network },
      labels: {},
    })
    return { spec, network, hash: specHash(spec) }
  }

  function originOf(found: EngineContainer, name: string, network: string | null): string | null {
    if (network !== null && network === sharedNetwork) return `http://${name}:${portNumber}`
    if (network === null) {
      const port = found.ports[cogPort]
      return port === undefined ? null : `http://${port}`
    }
    const address = found.addresses[network]
    return address === undefined ? null : `http://${address}:${portNumber}`
  }

  async function create(name: string, workload: Workload, plan: Plan): Promise<Started> {
    const { spec, network, hash } = await specOf(workload, plan)
    const closed = closedNetworkOf(workload)
    const own = {
      [labels.server]: server,
      [labels.workload]: workload.key,
      [labels.spec]: hash,
      [labels.gpus]: plan.gpus.join(','),
    }
    let container: string | null = null
    try {
      if (closed !== null) await networks.use(closed)
      container = await engine.create(name, { ...spec, Labels: own })
      await engine.start(container)
      const found = await engine.inspect(container)
      if (!found) throw new EngineError('the container is gone', 404)
      if (plan.gpus.length > 0 && !found.hasDevices) throw new EngineError(noGpus, 200)
      const origin = originOf(found, name, network)
      if (origin === null) throw new EngineError('the engine gave the container no address', 200)
      return { container, origin }
    } catch (error) {
      // What could not be started is still there.
      if (container !== null) await engine.remove(container).catch(() => {})
      if (closed !== null) await networks.leave(closed)
      throw error
    }
  }

  /** Removes a container of ours that nobody knows. One that is being removed right now is refused, and goes too. */
  async function removeUnknown(container: string): Promise<void> {
    try {
      await engine.remove(container)
    } catch (error) {
      if (!(error instanceof EngineError) || error.isAway) throw error
    }
  }

  return {
    engine,
    name: engine.name,
    removeUnknown,
    create,
    /** Ends a container and removes it, with the network of its model when it was the last there. */
    async remove(container: string, workload: Workload): Promise<void> {
      await engine.stop(container)
      await engine.remove(container)
      const closed = closedNetworkOf(workload)
      if (closed !== null) await networks.leave(closed)
    },
    /**
     * The containers of ours that run for a workload as it is now: they may go on. All others are removed, as
     * nobody knows what they are for.
     */
    async adopt(workloads: ReadonlyMap<string, Workload>): Promise<readonly Adopted[]> {
      const adopted: Adopted[] = []
      for (const { id, status, labels: own } of await engine.list(label)) {
        const workload = workloads.get(own[labels.workload] ?? '')
        const found = workload && status === 'running' ? await engine.inspect(id) : null
        const started = workload && found ? await asWanted(workload, found, own) : null
        if (workload && started) adopted.push({ workload, ...started })
        else await removeUnknown(id)
      }
      await engine.pruneNetworks(label)
      for (const { workload } of adopted) {
        const closed = closedNetworkOf(workload)
        if (closed !== null) networks.adopt(closed)
      }
      return adopted
    },
    /** Our containers that the engine has, and whether each runs, by their ids. */
    async present(): Promise<ReadonlyMap<string, boolean>> {
      const all = await engine.list(label)
      return new Map(all.map(({ id, status }) => [id, !hasEnded(status)]))
    },
    /** The label of our containers, for events. */
    label,
  }

  /** A container that was created from what its workload asks for now; null for any other. */
  async function asWanted(
    workload: Workload,
    found: EngineContainer,
    own: Readonly<Record<string, string>>,
  ) {
    const gpus = (own[labels.gpus] ?? '').split(',').filter(Boolean)
    const image = found.image
    const { network, hash } = await specOf(workload, { image, gpus })
    if (hash !== own[labels.spec] || gpus.length !== workload.gpus) return null
    const origin = originOf(found, found.name, network)
    return origin === null
      ? null
      : { container: found.id, origin, gpus, name: found.name, startedAt: found.startedAt }
  }
}

export interface Adopted extends Started {
  readonly workload: Workload
  readonly gpus: readonly string[]
  readonly name: string
  readonly startedAt: number | null
}

const portNumber = Number.parseInt(cogPort, 10)

const noGpus =
  'this engine takes no requests for GPUs: Docker with the NVIDIA toolkit does, and Podman from version 5'
