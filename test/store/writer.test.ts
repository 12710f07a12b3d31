import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDatabaseHealth } from '../../src/store/database-health.ts'
import type { Tables } from '../../src/store/kysely/tables.ts'
import { createWriter, inTurn } from '../../src/store/kysely/writer.ts'
import { createDialect } from '../../src/store/sqlite-dialect.ts'
import { openWalSync } from '../../src/store/wal-sync.ts'
import { eventually } from '../support/eventually.ts'

let folder: string
let db: Kysely<Tables>
let read: () => unknown[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-writer-'))
  const path = join(folder, 'numbers.sqlite')
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal; create table numbers (n integer)')
  const reader = database.prepare('select n from numbers')
  read = () => reader.all().map(({ n }) => n)
  db = new Kysely({ dialect: createDialect(database, createDatabaseHealth(path)) })
})
afterEach(async () => {
  await db.destroy()
  rmSync(folder, { recursive: true })
})

describe('a write', () => {
  it('is told to be kept, and resolves when it is on disk', async () => {
    const disk = Promise.withResolvers<void>()
    const { insert } = numbersWriter(() => disk.promise)
    const heard: string[] = []
    const writing = insert(1, (n) => heard.push(`kept ${n}`)).then(() => heard.push('on disk'))
    await eventually(() => expect(heard).toEqual(['kept 1']))
    expect(read()).toEqual([1])
    disk.resolve()
    await writing
    expect(heard).toEqual(['kept 1', 'on disk'])
  })

  it('waits for the disk together with those that came while the disk was written', async () => {
    const syncs: PromiseWithResolvers<void>[] = []
    const { insert } = numbersWriter(() => {
      const sync = Promise.withResolvers<void>()
      syncs.push(sync)
      return sync.promise
    })
    const first = insert(1)
    await eventually(() => expect(syncs).toHaveLength(1))
    const others = [insert(2), insert(3), insert(4)]
    syncs[0]?.resolve()
    await first
    await eventually(() => expect(syncs).toHaveLength(2))
    syncs[1]?.resolve()
    await Promise.all(others)
    expect(read()).toEqual([1, 2, 3, 4])
  })

  it('is rejected when it cannot be brought to the disk', async () => {
    const { insert, idle } = numbersWriter(() => Promise.reject(new Error('The disk is gone')))
    await expect(insert(1)).rejects.toThrow('The disk is gone')
    await idle()
  })
})

it('syncs no log any more after one failure, as nobody knows what is on disk', async () => {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [`${path}-wal`])
  const log = openWalSync(path)
  expect(log.failure()).toBeNull()
  await expect(log.sync()).rejects.toThrow('fdatasync')
  expect(String(log.failure())).toContain('fdatasync')
  await expect(log.sync()).rejects.toBe(log.failure())
  log.close()
})

function numbersWriter(sync: () => Promise<void>) {
  const { write, idle } = createWriter(inTurn(db), sync)
  const insert = (n: number, committed?: (n: number) => void) =>
    write(
      async (trx) => {
        await sql`insert into numbers values (${n})`.execute(trx)
        return n
      },
      committed ? { committed } : {},
    )
  return { insert, idle }
}
