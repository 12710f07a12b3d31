import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, expect, it } from 'vitest'
import { openDisk } from '../../src/files/disk.ts'
import { collectFiles } from '../../src/runner/collection.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { type Crowd, counts, createCrowd, lookOn, type Made, servedAs } from '../support/crowd.ts'
import { eventually } from '../support/eventually.ts'
import type { Server } from '../support/server.ts'

const kills = 5
const dayMs = 24 * 60 * 60_000

interface Removing {
  readonly start: () => Promise<Server>
  readonly begin?: (server: Server) => Promise<void>
  readonly gone: readonly Made[]
  /** How many are not removed. */
  readonly left: () => number
}

/** Kills servers while they remove, each after some went; starts one more, which ends what they began. */
async function killWhileRemoving({ start, begin, gone, left }: Removing): Promise<Server> {
  let server = await start()
  const begun = begin?.(server)
  for (let kill = 0; kill < kills; kill++) {
    const some = left() - counts.gone / 20
    const looking = lookOn(server.url, gone)
    await eventually(() => expect(left()).toBeLessThan(some), 60_000)
    await server.stop('SIGKILL')
    await Promise.all([looking, begun])
    expect(left()).toBeGreaterThan(0)
    server = await start()
  }
  await eventually(() => expect(left()).toBe(0), 120_000)
  return server
}

function counter(data: string, condition: string) {
  const database = new DatabaseSync(join(data, 'sandpit.sqlite'), { readOnly: true })
  const counted = database.prepare(`select count(*) as n from ${condition}`)
  return { count: () => Number(counted.get()?.n), close: () => database.close() }
}

/** Once collected, the bytes of these files are on the disk, and no others. */
async function expectContents(data: string, kept: number): Promise<void> {
  const store = await openSqlite(join(data, 'sandpit.sqlite'))
  const disk = await openDisk(join(data, 'files'))
  await collectFiles(store, disk, Date.now() + 2 * dayMs)
  const contents = new Set<string>()
  for await (const sha256 of disk.list(Date.now() + dayMs)) contents.add(sha256)
  expect(contents.size).toBe(kept)
  await store.close()
}

async function expectServed(url: string, all: readonly Made[], as: string): Promise<void> {
  for (const one of all) expect(await servedAs(url, one)).toBe(as)
}

const options = { timeout: 300_000 }

let crowd: Crowd
beforeAll(async () => {
  crowd = await createCrowd()
}, options.timeout)

it(
  `ends a deletion of ${counts.gone} predictions that was killed ${kills} times`,
  options,
  async () => {
    const { gone, kept } = crowd
    const { data, start } = crowd.copy()
    const { count, close } = counter(data, `predictions where model_name = 'gone'`)
    const begin = async ({ url }: Server) => {
      const address = `${url}/predictions/deletion/matching?model=test%2Fgone`
      const page = await (await fetch(address)).text()
      expect(page).toContain('Delete 2,000 predictions?')
      const key = /name="key" value="(\w+)"/.exec(page)?.[1] ?? ''
      const body = new URLSearchParams({ key })
      const headers = { Origin: url }
      // It answers in a second, unless it is killed before.
      await fetch(address, { method: 'POST', headers, body, redirect: 'manual' }).catch(() => {})
    }
    const last = await killWhileRemoving({ start, begin, gone, left: count })
    close()
    await expectServed(last.url, gone, 'gone')
    await expectServed(last.url, kept, 'whole')
    const removals = counter(data, 'removals')
    await eventually(() => expect(removals.count()).toBe(0))
    removals.close()
    await last.stop()
    await expectContents(data, counts.kept)
  },
)

it(`ends the removal of old data that was killed ${kills} times`, options, async () => {
  const { gone, kept } = crowd
  const { data, start } = crowd.copy()
  const database = new DatabaseSync(join(data, 'sandpit.sqlite'))
  database
    .prepare(`update predictions set created_at = created_at - ? where model_name = 'gone'`)
    .run(3 * dayMs)
  database.close()
  const { count, close } = counter(
    data,
    `predictions where model_name = 'gone' and data_removed_at is null`,
  )
  const last = await killWhileRemoving({
    start: () => start({ SANDPIT_RETENTION: '2d' }),
    gone,
    left: count,
  })
  close()
  await expectServed(last.url, gone, 'without data')
  await expectServed(last.url, kept, 'whole')
  await last.stop()
  await expectContents(data, counts.kept)
})
