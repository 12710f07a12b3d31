import type { Changes } from '../../changes/changes.ts'
import type { Locks } from '../../locks/locks.ts'
import type { InstanceTable } from '../../store/instances.ts'

/** The means by which servers share containers. */
export interface Sharing {
  readonly table: InstanceTable
  /** The id of this replica. */
  readonly replica: string
  /** The ids of the replicas that live. This one may not be among them yet. */
  readonly live: () => Promise<ReadonlySet<string>>
  readonly locks: Pick<Locks, 'alone'>
  readonly changes: Pick<Changes, 'tell' | 'listen' | 'onGap'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  readonly log: { error(details: object, message: string): void }
}

/** How the server that runs the containers is told whether it still does. */
export interface Leading {
  /** False when it has lost touch with the database for so long that another one may run them. */
  readonly mayAct: () => boolean
}
