import pg from 'pg'
import { knownError } from '../../../postgres/errors.ts'
import { storeSettings } from '../connection.ts'

export interface SessionOptions {
  readonly url: string
  readonly onLost: (error: Error) => void
}

/** A session whose statements are sent without waiting for the answers to those before. */
export type Session = Pick<pg.Client, 'query'>

/** A session that is opened when it is first used, and replaced when it was lost. */
export function createSession({ url, onLost }: SessionOptions) {
  let current: Promise<pg.Client> | null = null

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...storeSettings,
      connectionString: url,
      pipeline: true,
      query_timeout: answerMs,
    })
    client.on('error', (error) => {
      if (isCurrent) onLost(error)
      lose()
    })
    client.on('end', lose)
    const opening = (async () => {
      await client.connect()
      await client.query(takeShard, [shardLocks])
      return client
    })()
    let isCurrent = true
    current = opening

    function lose(): void {
      isCurrent = false
      if (current === opening) current = null
    }

    return opening.catch((error: unknown) => {
      lose()
      client.end().catch(() => {})
      throw knownError(error)
    })
  }

  return {
    /** Rejects with `StoreBusy` while the server cannot be reached. */
    current: (): Promise<Session> => current ?? connect(),

    async close(): Promise<void> {
      const client = await current?.catch(() => null)
      await client?.end()
    },
  }
}

/** A server that answers later than this cannot be reached. Locks are waited for half as long. */
const answerMs = 10_000

/** Sets advisory locks for shards apart from others. */
const shardLocks = 0x5a4d

/**
 * Takes the first shard of the counts of runs that no other session has, for as long as this one lasts, so
 * that no two sessions wait for each other’s counts.
 */
const takeShard = `
  select set_config('sandpit.shard', shard::text, false) from generate_series(1, 10000) as shard
  where pg_try_advisory_lock($1, shard) limit 1`
