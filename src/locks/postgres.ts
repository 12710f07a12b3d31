import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { StoreBusy } from '../domain/unavailable.ts'
import { knownError } from '../postgres/errors.ts'
import { connectionSettings } from '../postgres/settings.ts'
import { createLocalLocks } from './local.ts'
import type { Locks } from './locks.ts'

export interface PostgresLocksOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** The connection was lost, and with it the locks that were held. */
  readonly onLost: (error: Error) => void
}

/** PostgreSQL ends the session of a process that was stopped, and so frees its locks, after this time. */
const silentMs = 10_000

/** While locks are held, the session is used as often as this, in milliseconds. */
const aliveMs = 3_000

/** The connection is closed when no lock was held for so long, in milliseconds. */
const lingerMs = 5_000

/** A lock that somebody holds alone is tried again after this time, in milliseconds. */
const againMs = 50
const mostTries = 600

/** Keeps the numbers of these locks apart from those of others. */
const seed = 1

/**
 * Advisory locks of one session, which has a connection of its own while locks are held. What competes for a
 * lock within this process is settled here: a session does not exclude itself.
 */
export function createPostgresLocks({ url, onLost }: PostgresLocksOptions): Locks {
  const local = createLocalLocks()
  let session: Promise<pg.Client> | null = null
  let held = 0
  let timer: NodeJS.Timeout | undefined

  function open(): Promise<pg.Client> {
    const opened = connect(url, (error) => {
      if (session !== opened) return
      session = null
      if (error && held > 0) onLost(error)
    })
    opened.catch(() => {
      if (session === opened) session = null
    })
    return opened
  }

  function watch(): void {
    clearInterval(timer)
    const isHeld = held > 0
    const look = async () => {
      if (isHeld) await (await session)?.query('select 1')
      else await end()
    }
    timer = setInterval(() => void look().catch(() => {}), isHeld ? aliveMs : lingerMs)
    timer.unref()
  }

  async function end(): Promise<void> {
    clearInterval(timer)
    const ended = session
    session = null
    await ended?.then((client) => client.end()).catch(() => {})
  }

  /** Resolves with what frees the lock, which tells whether it was held until then; null when it is taken. */
  async function take(kind: '' | '_shared', name: string) {
    held++
    watch()
    session ??= open()
    const opened = session
    const call = async (text: string) => {
      try {
        return await ask(await opened, text, name)
      } catch (error) {
        if (session === opened) session = null
        throw knownError(error)
      }
    }
    let isHeld = false
    try {
      isHeld = await call(`pg_try_advisory_lock${kind}`)
    } finally {
      if (!isHeld) release()
    }
    return isHeld
      ? () =>
          call(`pg_advisory_unlock${kind}`)
            .catch(() => false)
            .finally(release)
      : null
  }

  function release(): void {
    held--
    watch()
  }

  async function takeTogether(name: string) {
    for (let tries = 1; ; tries++) {
      const free = await take('_shared', name).catch((error: unknown) => {
        // A database that starts again is waited for.
        if (tries < mostTries && error instanceof StoreBusy) return null
        throw error
      })
      if (free) return free
      if (tries >= mostTries) throw new StoreBusy(`The lock of ${name} was not free in time.`)
      await delay(againMs)
    }
  }

  return {
    async alone(name, work) {
      let ran = false
      await local.alone(name, async () => {
        const free = await take('', name)
        if (!free) return
        ran = true
        await work().finally(free)
      })
      return ran
    },

    together: (name, work) =>
      local.together(name, async () => {
        for (;;) {
          const free = await takeTogether(name)
          const done = await work().catch(async (error: unknown) => {
            await free()
            throw error
          })
          if (await free()) return done
        }
      }),

    close: end,
  }
}

async function connect(url: string, ended: (error?: Error) => void): Promise<pg.Client> {
  const client = new pg.Client({
    ...connectionSettings,
    connectionString: url,
    options: `-c idle_session_timeout=${silentMs}`,
  })
  client.on('error', ended)
  client.on('end', () => ended())
  await client.connect()
  return client
}

async function ask(client: pg.Client, call: string, name: string): Promise<boolean> {
  const text = `select ${call}(hashtextextended($1, ${seed})) as done`
  const { rows } = await client.query<{ done: boolean }>(text, [name])
  return rows[0]?.done === true
}
