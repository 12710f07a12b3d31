import pg from 'pg'
import { connectionSettings } from '../../postgres/settings.ts'

/** Times of connections, in milliseconds. */
export interface ConnectionTimes {
  /** A connection that is lost is opened again after this, then after twice as long each time. */
  readonly firstRetryMs: number
  readonly lastRetryMs: number
  /** How long the server may take to connect or to answer. */
  readonly answerMs: number
}

export interface ConnectionOptions extends ConnectionTimes {
  readonly url: string
  /** Prepares a new connection before it is used. */
  readonly prepare: (client: pg.Client) => Promise<void>
  /** Called when a connection can be used. `isFirst`: it was the first try. */
  readonly opened: (client: pg.Client, isFirst: boolean) => void
  readonly onError: (error: unknown) => void
}

/** One connection to PostgreSQL that is opened again when it is lost. */
export function keepConnected(options: ConnectionOptions) {
  const { url, prepare, opened, onError, firstRetryMs, lastRetryMs, answerMs } = options
  let client: pg.Client | null = null
  let wait = firstRetryMs
  let timer: NodeJS.Timeout | undefined
  let isFirst = true
  let closed = false

  async function connect(): Promise<void> {
    const next = new pg.Client({
      ...connectionSettings,
      connectionString: url,
      application_name: `${connectionSettings.application_name} changes`,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
      keepAlive: true,
    })
    next.on('error', (error) => lost(next, error))
    next.on('end', () => lost(next, null))
    try {
      await next.connect()
      await prepare(next)
      if (closed) return void end(next)
      client = next
      wait = firstRetryMs
      opened(next, isFirst)
    } catch (error) {
      end(next)
      retry(error)
    }
    isFirst = false
  }

  function lost(lostOne: pg.Client, error: unknown): void {
    if (lostOne !== client) return
    client = null
    end(lostOne)
    retry(error)
  }

  function retry(error: unknown): void {
    if (closed) return
    if (error !== null) onError(error)
    timer = setTimeout(connect, wait)
    wait = Math.min(wait * 2, lastRetryMs)
  }

  return {
    /** Resolves after the first try. */
    connect,
    /** Null while there is none. */
    current: (): pg.Client | null => client,
    /** Gives up a connection that does not answer, and opens another. */
    drop(dropped: pg.Client, error: unknown): void {
      lost(dropped, error)
    },
    async close(): Promise<void> {
      closed = true
      clearTimeout(timer)
      const last = client
      client = null
      await last?.end()
    },
  }
}

/** Without waiting: the server may not answer. */
function end(client: pg.Client): void {
  client.end().catch(() => {})
}
