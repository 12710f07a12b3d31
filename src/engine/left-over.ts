import { EngineError } from './engine-error.ts'
import type { Host } from './instances/host.ts'
import { labels } from './labels.ts'

export interface LeftOverOptions {
  readonly host: Host
  /** The id of this replica. */
  readonly replica: string
  /** The ids of the replicas that live. */
  readonly live: () => Promise<ReadonlySet<string>>
  /** Whether this replica still uses a container, by the key of its workload. */
  readonly isUsed: (key: string) => boolean
  /** Whether this replica uses any. */
  readonly usesAny: () => boolean
  readonly log: { error(details: object, message: string): void }
}

/**
 * Removes the containers and networks of a host that no living replica uses: of servers that were killed, and those whose
 * removal the engine refused. Rejects with `EngineError`.
 */
export async function removeLeftOver(options: LeftOverOptions): Promise<void> {
  const { host, replica, isUsed, usesAny } = options
  const containers = await host.engine.list(host.label)
  const networks = await host.engine.networks(host.label)
  if (containers.length + networks.length === 0) return
  // Asked after the lists: a replica that has started one of these lives by now.
  const living = await livingOf(options)
  if (living === null) return
  const isKept = (owner = '', isUsedHere: () => boolean) =>
    owner === replica ? isUsedHere() : living.has(owner)
  for (const { id, labels: own } of containers)
    if (!isKept(own[labels.replica], () => isUsed(own[labels.workload] ?? '')))
      await host.removeUnknown(id)
  for (const { name, labels: own } of networks)
    if (!isKept(own[labels.replica], usesAny)) await host.removeUnknownNetwork(name)
}

/** Null while that cannot be known: then nobody is taken for dead. */
async function livingOf({ live, log }: LeftOverOptions): Promise<ReadonlySet<string> | null> {
  try {
    return await live()
  } catch (error) {
    if (error instanceof EngineError) throw error
    log.error({ error }, 'Containers that servers have left are removed later')
    return null
  }
}
