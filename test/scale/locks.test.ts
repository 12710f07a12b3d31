import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { createPostgresLocks } from '../../src/locks/postgres.ts'
import { describeLocks, holdAlone } from '../locks/conformance.ts'
import { eventually } from '../support/eventually.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'

describeLocks('locks of PostgreSQL', openTwo)

async function openTwo() {
  const server = inject('postgres')
  const name = await createDatabase(server)
  const url = `${server}/${name}`
  const lost: Error[] = []
  const open = () => createPostgresLocks({ url, onLost: (error) => lost.push(error) })
  const [first, second] = [open(), open()]
  return {
    first,
    second,
    lost,
    url,
    async close() {
      await Promise.all([first.close(), second.close()])
      await dropDatabase(server, name)
    },
  }
}

/** Ends every other connection to a database. */
async function cut(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  await client.end()
}

describe('locks whose connection is lost', () => {
  it('are free for others, and the next are taken over a new one', async () => {
    const opened = await openTwo()
    const { first, second, lost, url } = opened
    const held = await holdAlone(first, 'a')
    await cut(url)
    // The server frees what a connection held as it ends it, which may be later than it was told to.
    await eventually(async () => expect(await second.alone('a', async () => {})).toBe(true))
    await held.end()
    expect(lost).toHaveLength(1)
    expect(await first.alone('a', async () => {})).toBe(true)
    await opened.close()
  })

  it('run what they held together once more', async () => {
    const opened = await openTwo()
    let runs = 0
    const result = await opened.first.together('a', async () => {
      if (++runs === 1) await cut(opened.url)
      return runs
    })
    expect([result, runs]).toEqual([2, 2])
    await opened.close()
  })
})
