import { setTimeout as delay } from 'node:timers/promises'
import type { Change } from '../changes.ts'
import { type ConnectionTimes, keepConnected } from './connection.ts'
import { type Pending, subjectOf, takePayload } from './messages.ts'

export interface NotifierOptions extends ConnectionTimes {
  readonly url: string
  readonly channel: string
  readonly replica: string
  readonly onError: (error: unknown) => void
}

/** The most changes that wait to be told, as while the connection is lost. More are dropped. */
const mostPending = 10_000

/**
 * The time between two statements, in milliseconds: each costs every replica, and of changes that come within it many
 * are of the same thing.
 */
const spacingMs = 4

/** How long what was told last may take to leave when the server stops, in milliseconds. */
const lastMs = 1_000

/**
 * Tells changes, the first at once, and those that come soon after it together in the next statement. Outside of
 * transactions, as a NOTIFY in one holds a lock of the whole cluster until its commit is on disk.
 */
export function createNotifier({ channel, replica, onError, ...rest }: NotifierOptions) {
  const pending: Pending = new Map()
  let sending: Promise<void> | null = null
  const connection = keepConnected({
    ...rest,
    onError,
    async prepare(client) {
      await client.query('set synchronous_commit = off')
    },
    opened: send,
  })

  function send(): void {
    sending ??= sendAll().finally(() => {
      sending = null
    })
  }

  async function sendAll(): Promise<void> {
    // The changes of one turn go together.
    await Promise.resolve()
    for (let client = connection.current(); client; client = connection.current()) {
      const payload = takePayload(pending, replica)
      if (payload === null) return
      try {
        await client.query({
          name: 'notify',
          text: 'select pg_notify($1, $2)',
          values: [channel, payload],
        })
        await delay(spacingMs)
      } catch (error) {
        connection.drop(client, error)
      }
    }
  }

  return {
    connect: connection.connect,
    tell(change: Change): void {
      if (pending.size >= mostPending) return
      pending.set(subjectOf(change), change)
      send()
    },
    async close(): Promise<void> {
      await Promise.race([sending, delay(lastMs, undefined, { ref: false })])
      await connection.close()
    },
  }
}
