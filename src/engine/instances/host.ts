import { createHash } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { type EngineContainer, hasEnded } from '../calls/containers.ts'
import type { Engine, EngineFacts } from '../client.ts'
import { cogPort, containerSpec, specHash } from '../container-spec.ts'
import { EngineError } from '../engine-error.ts'
import { labels } from '../labels.ts'
import { createNetworks } from './networks.ts'
import type { Workload } from './workload.ts'

export interface HostOptions {
  readonly engine: Engine
  /** The label of the containers that are ours. */
  readonly server: string
  /** The replica that its containers end with; null where another one goes on with them. */
  readonly replica?: string | null
  readonly reach: Reach
}

/**
 * How this server reaches the containers of an engine. `same host`: it runs on the host of the engine. `shared
 * network`: it is in a container itself, in a network of this name. `other host`: by a port of that host, which is in
 * its private network.
 */
export type Reach =
  | { readonly kind: 'same host' }
  | { readonly kind: 'shared network'; readonly network: string }
  | { readonly kind: 'other host'; readonly host: string }

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
export function createHost({ engine, server, replica = null, reach }: HostOptions) {
  const owner = {
    [labels.server]: server,
    ...(replica === null ? {} : { [labels.replica]: replica }),
  }
  const networks = createNetworks(engine, owner)
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
    if (reach.kind !== 'same host' || container.isOpen) return null
    return `sandpit-${createHash('sha256').update(`${server} ${model}`).digest('hex').slice(0, 12)}`
  }

  async function specOf(workload: Workload, { image, gpus }: Plan) {
    const { container } = workload
    const network = networkOf(workload)
    const spec = containerSpec({
      settings: { ...container, image, gpus },
      product: (await product()).product,
      reach: network === null ? { publishAt: await publishedAt(workload) } : { network },
      labels: {},
    })
    return { spec, network, hash: specHash(spec) }
  }

  /** Tells containers that were created alike; null where none can be created as the workload asks for now. */
  async function hashOf(workload: Workload, plan: Plan): Promise<string | null> {
    try {
      return (await specOf(workload, plan)).hash
    } catch (error) {
      if (!(error instanceof EngineError) || error.isAway) throw error
      return null
    }
  }

  /** The network through which this server reaches a container; null for a published port. */
  function networkOf(workload: Workload): string | null {
    return reach.kind === 'shared network' ? reach.network : closedNetworkOf(workload)
  }

  /** A published port needs a network with a way out. */
  async function publishedAt({ container }: Workload): Promise<string> {
    if (reach.kind !== 'other host') return '127.0.0.1'
    if (!container.isOpen) throw new EngineError(closedElsewhere, 200)
    try {
      return (await lookup(reach.host, { family: 4 })).address
    } catch (cause) {
      throw new EngineError(`the host ${reach.host} has no address`, null, { cause })
    }
  }

  function originOf(found: EngineContainer, name: string, network: string | null): string | null {
    if (reach.kind === 'shared network') return `http://${name}:${portNumber}`
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
      ...owner,
      [labels.workload]: workload.key,
      [labels.spec]: hash,
      [labels.gpus]: plan.gpus.join(','),
      [labels.gpuBytes]: `${workload.gpuBytes ?? ''}`,
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
  function removeUnknown(container: string): Promise<void> {
    return unlessRefused(engine.remove(container))
  }

  /** The engine refuses to remove a network that a container uses. */
  function removeUnknownNetwork(name: string): Promise<void> {
    return unlessRefused(engine.removeNetwork(name))
  }

  return {
    engine,
    name: engine.name,
    removeUnknown,
    removeUnknownNetwork,
    create,
    /** Ends a container and removes it, with the network of its model when it was the last there. */
    async remove(container: string, workload: Workload): Promise<void> {
      // One that cannot be stopped is killed. One that stays is unknown to the next comparison with the engine.
      await unlessRefused(engine.stop(container))
      await unlessRefused(engine.remove(container))
      const closed = closedNetworkOf(workload)
      if (closed !== null) await networks.leave(closed)
    },
    /**
     * The containers of ours that run for a workload that there is. All others are removed, as nobody knows what they
     * are for.
     */
    async adopt(find: (key: string) => Workload | null): Promise<readonly Adopted[]> {
      const adopted: Adopted[] = []
      for (const { id, status, labels: own } of await engine.list(label)) {
        const workload = find(own[labels.workload] ?? '')
        const found = workload && status === 'running' ? await engine.inspect(id) : null
        const one = workload && found && (await adoptedOf(workload, found, own))
        if (one) adopted.push(one)
        else await removeUnknown(id)
      }
      const used = adopted.flatMap(({ workload }) => closedNetworkOf(workload) ?? [])
      for (const name of used) networks.adopt(name)
      for (const { name } of await engine.networks(label))
        if (!used.includes(name)) await removeUnknownNetwork(name)
      return adopted
    },
    /** Our containers that the engine has, and whether each runs, by their ids. */
    async present(): Promise<ReadonlyMap<string, boolean>> {
      const all = await engine.list(label)
      return new Map(all.map(({ id, status }) => [id, !hasEnded(status)]))
    },
    /** The label of our containers. */
    label,
  }

  /** Null for one that cannot be reached. */
  async function adoptedOf(
    workload: Workload,
    found: EngineContainer,
    own: Readonly<Record<string, string>>,
  ): Promise<Adopted | null> {
    const gpus = (own[labels.gpus] ?? '').split(',').filter(Boolean)
    const bytes = own[labels.gpuBytes] || null
    const origin = originOf(found, found.name, networkOf(workload))
    if (origin === null) return null
    const hash = await hashOf(workload, { image: found.image, gpus })
    const gpuBytes = bytes === null ? null : Number(bytes)
    const isOutdated =
      hash !== own[labels.spec] ||
      (gpuBytes ?? gpus.length) !== (workload.gpuBytes ?? workload.gpus)
    const { id: container, name, startedAt } = found
    return { workload, container, origin, gpus, gpuBytes, name, startedAt, isOutdated }
  }
}

/** A call that the engine may refuse. Rejects when it is away. */
async function unlessRefused(call: Promise<void>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof EngineError) || error.isAway) throw error
  }
}

export interface Adopted extends Started {
  readonly workload: Workload
  readonly gpus: readonly string[]
  readonly gpuBytes: number | null
  readonly name: string
  readonly startedAt: number | null
  /** Whether it was created from something else than its workload asks for now. */
  readonly isOutdated: boolean
}

const portNumber = Number.parseInt(cogPort, 10)

const noGpus =
  'this engine takes no requests for GPUs: Docker with the NVIDIA toolkit does, and Podman from version 5'

const closedElsewhere =
  'a container without a way out cannot be reached on another host: let the model reach other hosts, on its edit page'
