import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { noOthers } from '../../../src/changes/alone.ts'
import { createJournal } from '../../../src/runner/journal/journal.ts'
import { mostUnits } from '../../../src/runner/journal/settled-cache.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { idOf, predictionOf, start, versionOf } from '../../support/domain.ts'

const folder = mkdtempSync(join(tmpdir(), 'sandpit-recent-'))
const store = await openSqlite(join(folder, 'sandpit.sqlite'))
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/** Three of these are at hand at most, whatever it is that makes them large. */
const large = 'x'.repeat(mostUnits / 3.2)
const holdings = [{ logs: large }, { output: large }, { input: { text: large } }, { logs: large }]

it('reads again what nobody has asked for for the longest time', async () => {
  const read: string[] = []
  const find = (id: string) => {
    read.push(id)
    return store.find(id)
  }
  const journal = createJournal({
    store: { ...store, find },
    changes: noOthers,
    replicas: null,
    now: () => start,
    onError: (error) => expect.fail(String(error)),
    onLost() {},
  })
  const ids = holdings.map((_, index) => idOf(index + 1))
  for (const [index, holding] of holdings.entries()) {
    const done = { status: 'succeeded', completedAt: start, ...holding } as const
    await store.accept(predictionOf({ id: idOf(index + 1), ...done }), versionOf(), null)
  }
  const [a = '', b = '', c = '', d = ''] = ids
  for (const id of [a, b, c, a, d, a]) expect((await journal.find(id))?.id).toBe(id)
  expect(read).toEqual([a, b, c, d])
  await journal.find(b)
  expect(read.at(-1)).toBe(b)
})
