import type pg from 'pg'
import { type ConnectionTimes, keepConnected } from './connection.ts'

export interface ListenerOptions extends ConnectionTimes {
  readonly url: string
  readonly channel: string
  /** The connection is tried this often, in milliseconds: one can be lost without a sign. */
  readonly heartbeatMs: number
  readonly heard: (payload: string) => void
  /** Something may have been missed. */
  readonly missed: () => void
  readonly onError: (error: unknown) => void
}

/** Hears what replicas tell. */
export function createListener({ channel, heartbeatMs, heard, missed, ...rest }: ListenerOptions) {
  let timer: NodeJS.Timeout | undefined
  const connection = keepConnected({
    ...rest,
    async prepare(client) {
      client.on('notification', ({ payload }) => heard(payload ?? ''))
      await client.query(`listen ${channel}`)
    },
    opened(client, isFirst) {
      beat(client)
      if (!isFirst) missed()
    },
  })

  function beat(client: pg.Client): void {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      try {
        await client.query('select 1')
        if (connection.current() === client) beat(client)
      } catch (error) {
        connection.drop(client, error)
      }
    }, heartbeatMs)
  }

  return {
    connect: connection.connect,
    async close(): Promise<void> {
      clearTimeout(timer)
      await connection.close()
    },
  }
}
