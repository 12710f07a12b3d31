import type { Change, Changes } from './changes.ts'
import type { ConnectionTimes } from './postgres/connection.ts'
import { createListener } from './postgres/listener.ts'
import { readPayload } from './postgres/messages.ts'
import { createNotifier } from './postgres/notifier.ts'

const channel = 'sandpit'

export interface ChangesTimes extends ConnectionTimes {
  /** How often the connection that listens is tried, in milliseconds. */
  readonly heartbeatMs: number
}

const defaultTimes: ChangesTimes = {
  firstRetryMs: 250,
  lastRetryMs: 4_000,
  answerMs: 5_000,
  heartbeatMs: 10_000,
}

export interface PostgresChangesOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** The id of this replica. */
  readonly replica: string
  readonly onError: (error: unknown) => void
  readonly times?: Partial<ChangesTimes>
}

/**
 * Tells replicas of changes by NOTIFY, and hears of theirs by LISTEN, on two connections of their own.
 * Resolves when it listens, or has failed to once: it goes on trying.
 */
export async function openPostgresChanges({
  url,
  replica,
  onError,
  times,
}: PostgresChangesOptions): Promise<Changes> {
  const listeners = new Set<(change: Change) => void>()
  const gapListeners = new Set<() => void>()
  const common = { ...defaultTimes, ...times, url, channel, onError }
  const notifier = createNotifier({ ...common, replica })
  const listener = createListener({
    ...common,
    heard(payload) {
      for (const change of readPayload(payload, replica)) for (const one of listeners) one(change)
    },
    missed() {
      for (const one of gapListeners) one()
    },
  })
  await Promise.all([notifier.connect(), listener.connect()])
  return {
    tell: notifier.tell,
    listen: (one) => void listeners.add(one),
    onGap: (one) => void gapListeners.add(one),
    async close() {
      await notifier.close()
      await listener.close()
    },
  }
}
