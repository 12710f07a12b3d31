import { join } from 'node:path'
import { noOthers } from './changes/alone.ts'
import type { Changes } from './changes/changes.ts'
import type { Config } from './config.ts'
import { createLocalLocks } from './locks/local.ts'
import type { Locks } from './locks/locks.ts'
import { gatherLosses } from './postgres/lost-connections.ts'
import type { Log } from './runner/options.ts'
import type { InstanceTable } from './store/instances.ts'
import type { OperatorChanges } from './store/operator-changes.ts'
import { createMemoryQueue } from './store/queue/memory.ts'
import type { Queue } from './store/queue/queue.ts'
import type { ReceiverClaims } from './store/receivers.ts'
import type { Replicas } from './store/replicas.ts'
import { openSqlite } from './store/sqlite.ts'
import type { Store } from './store/store.ts'
import type { UpstreamNotes } from './store/upstream-notes.ts'
import type { UsageTable } from './store/usage.ts'

export interface Database {
  readonly store: Store
  readonly queue: Queue
  readonly changes: Changes
  readonly locks: Locks
  /** The servers that share it; null for one that is alone. */
  readonly replicas: Replicas | null
  /** Who sends webhooks; null for a server that is alone. */
  readonly receivers: ReceiverClaims | null
  /** The containers that replicas share; null for a server that is alone. */
  readonly instances: InstanceTable | null
  /** Counts how much each person has used, over all replicas; null for a server that is alone, which counts in memory. */
  readonly usage: UsageTable | null
  /** Null for a server that is alone. */
  readonly operatorChanges: OperatorChanges | null
  /** Null for a server that is alone. */
  readonly upstreamNotes: UpstreamNotes | null
  /** A pool of `pg` for the table `rates`. */
  readonly rates: object | null
  /** Whether other servers may write to it, too: then nothing that was read of it stays valid. */
  readonly isShared: boolean
}

interface OpenOptions {
  /** The id of this replica. */
  readonly replica: string
  /** A replica is dead this long after its last beat, in milliseconds. */
  readonly deadMs?: number | undefined
  readonly log: Log
}

/** Opens the database of the configuration, PostgreSQL or else SQLite in the data folder. */
export async function openDatabase(config: Config, options: OpenOptions): Promise<Database> {
  const { databaseUrl } = config
  const { replica, deadMs, log } = options
  if (databaseUrl === null)
    return {
      store: await openSqlite(join(config.data, 'sandpit.sqlite')),
      queue: createMemoryQueue(),
      changes: noOthers,
      locks: createLocalLocks(),
      replicas: null,
      receivers: null,
      instances: null,
      usage: null,
      operatorChanges: null,
      upstreamNotes: null,
      rates: null,
      isShared: false,
    }
  const { openPostgres } = await import('./store/postgres/postgres.ts')
  const onLost = gatherLosses((lost) => log.error(lost, 'Connections to the database were lost'))
  const { openPostgresChanges } = await import('./changes/postgres.ts')
  const { createPostgresLocks } = await import('./locks/postgres.ts')
  const opened = await openPostgres({ url: databaseUrl, replica, deadMs, onLost })
  const changes = await openPostgresChanges({ url: databaseUrl, replica, onError: onLost })
  const locks = createPostgresLocks({ url: databaseUrl, onLost })
  return { ...opened, changes, locks, isShared: true }
}
