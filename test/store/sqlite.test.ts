import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noFields } from '../../src/domain/model/edit.ts'
import { noSettings } from '../../src/domain/model/record.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { apply } from '../../src/domain/prediction/apply.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { fileOf, idOf, predictionOf, start, versionOf } from '../support/domain.ts'
import { writeMigratedDatabase } from '../support/migrated-database.ts'
import { shareOf } from '../support/shares.ts'
import { describeStore } from './conformance.ts'
import { describeGroupStore } from './groups-conformance.ts'
import { describeJudgementStore } from './judgements-conformance.ts'
import type { OpenedStore } from './opened-store.ts'
import { describePeopleStore } from './people-conformance.ts'
import { describeShareStore } from './shares-conformance.ts'
import { describeStatisticsStore } from './statistics-conformance.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-store-'))
  path = join(folder, 'data', 'sandpit.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describeStore('the SQLite store', openTwo)
describeGroupStore('the SQLite store, of groups', openTwo)
describeJudgementStore('the SQLite store, of judgements', openTwo)
describeStatisticsStore('the SQLite store, of ended runs', openTwo)
describePeopleStore('the SQLite store, of people', openTwo)
describeShareStore('the SQLite store, of shares and retention', openTwo)

async function openTwo(): Promise<OpenedStore> {
  await writeMigratedDatabase(path)
  const first = await openSqlite(path)
  const second = await openSqlite(path)
  return {
    first,
    second,
    async close() {
      await Promise.allSettled([first.close(), second.close()])
    },
  }
}

describe('a SQLite file', () => {
  it('keeps everything when it is closed and opened again', async () => {
    const store = await openSqlite(path)
    const settling = predictionOf({ files: [fileOf(1)] })
    await store.accept(settling, versionOf(), null)
    const settled = apply(settling, { type: 'failed', error: 'No.', at: start + 1 })
    await store.save(settling, settled)
    const waiting = predictionOf({ id: idOf(2), iterates: true })
    await store.accept(waiting, versionOf(), null)
    const chunks = ['a', 12345678901234567890n]
    const running = apply(waiting, { type: 'emitted', index: 0, chunks, at: start + 2 })
    await store.save(waiting, running)
    await store.addFile(fileOf(2), 'ada', start)
    await store.close()

    const again = await openSqlite(path)
    expect(await again.find(settled.id)).toEqual(settled)
    expect(await again.unsettled()).toEqual([running])
    expect(await again.findVersion(versionOf().model, versionOf().id)).toEqual(versionOf())
    expect((await again.findFile(fileOf(1).ref))?.prediction).toBe(settled.id)
    expect((await again.findFile(fileOf(2).ref))?.prediction).toBeNull()
    await again.close()
  })

  it('is made with its folder, which is ours alone', async () => {
    await (await openSqlite(path)).close()
    expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0)
  })

  it('holds no copy of itself when it is new or up to date', async () => {
    await (await openSqlite(path)).close()
    await (await openSqlite(path)).close()
    expect(readdirSync(join(folder, 'data'))).toEqual(['sandpit.sqlite'])
  })

  it('is refused in a sentence that names it when it is no database', async () => {
    await (await openSqlite(path)).close()
    writeFileSync(path, 'not a database, but long enough to be taken for one\n'.repeat(100))
    await expect(openSqlite(path)).rejects.toThrow(path)
  })
})

it('says why a write failed, though SQLite has taken it back by itself', async () => {
  const store = await openSqlite(path)
  const other = new DatabaseSync(path)
  other.exec(
    "create trigger refusing before insert on predictions begin select raise(rollback, 'no more of these'); end",
  )
  await expect(store.accept(predictionOf(), versionOf(), null)).rejects.toThrow('no more of these')
  other.exec('drop trigger refusing')
  other.close()
  await store.accept(predictionOf(), versionOf(), null)
  expect(await store.find(idOf(1))).toEqual(predictionOf())
  await store.close()
})

/** Makes a database as it was before a migration, with what a function adds. */
async function makeBefore(first: string, add?: (store: Store) => Promise<unknown>): Promise<void> {
  const all = Object.entries(migrations)
  for (const [name] of all) if (name >= first) delete migrations[name]
  const store = await openSqlite(path)
  await add?.(store)
  await store.close()
  for (const [name, migration] of all) migrations[name] = migration
}

it('hashes the tokens of old share links, which go on working', async () => {
  await makeBefore('021')
  const database = new DatabaseSync(path)
  const add = database.prepare('insert into shares values (?, ?, ?, ?)')
  for (let number = 0; number < 1_100; number++)
    add.run(`token ${number}`, idOf(number), start + number, number === 7 ? start + 9 : null)
  database.close()

  const store = await openSqlite(path)
  const found = (token: string) => store.findShare(shareOf(token, '').hash)
  expect(await found('token 1099')).toMatchObject({
    of: { kind: 'prediction', id: idOf(1_099) },
    createdAt: start + 1_099,
    audience: 'anyone',
    scope: 'see',
    expiresAt: null,
    opens: 0,
    endedAt: null,
    people: [],
  })
  expect(await found('token 7')).toMatchObject({ endedAt: start + 9, ended: 'revoked' })
  await store.close()
  const kept = new DatabaseSync(path).prepare('select * from shares').all()
  expect(kept).toHaveLength(1_100)
  expect(JSON.stringify(kept)).not.toContain('token')
})

it('counts what was judged before it was counted', async () => {
  const prediction = predictionOf()
  await makeBefore('043', (store) => store.accept(prediction, versionOf(), null))
  const database = new DatabaseSync(path)
  const judge = database.prepare(`insert into judgements values (?, ?, ?, '', 1)`)
  for (const [at, verdict] of ['good', 'good', 'bad', null].entries())
    judge.run(prediction.id, `judge ${at}`, verdict)
  const choose = database.prepare(`insert into choices values ('g', ?, 'z', 'ada', ?, 'a/b', ?, 1)`)
  const own = modelName(prediction.model)
  for (const [at, [model, better]] of [
    [own, 'first'],
    [own, 'second'],
    [own, 'same'],
    ['a/b', 'first'],
  ].entries())
    choose.run(String(at), model ?? '', better ?? '')
  database.close()

  const store = await openSqlite(path)
  expect(await store.modelScores()).toEqual([
    { model: 'a/b', good: 0, bad: 0, won: 1, lost: 1 },
    { model: own, good: 2, bad: 1, won: 1, lost: 1 },
  ])
  await store.close()
})

it('takes over as edits what records of models said before there were edits', async () => {
  await makeBefore('014')
  const database = new DatabaseSync(path)
  const add = database.prepare(
    'insert into models (model_owner, model_name, details, settings, created_at, updated_at) values (?, ?, ?, ?, ?, ?)',
  )
  const none = { description: null, readme: null, githubUrl: null, visibility: 'public' }
  const said = { ...none, hardware: 'gpu', readme: '# Hi', visibility: 'private' }
  const cover = { coverImageUrl: 'https://example.com/a.png' }
  for (const [name, details] of Object.entries({ plain: none, said: { ...said, ...cover } }))
    add.run('ann', name, JSON.stringify(details), JSON.stringify(noSettings), start, start + 1)
  database.close()

  const store = await openSqlite(path)
  expect(await store.models()).toMatchObject([{ hardware: null }, { hardware: 'gpu' }])
  expect(await store.modelEdits()).toEqual([
    {
      ref: { owner: 'ann', name: 'said' },
      fields: {
        ...noFields,
        readme: '# Hi',
        visibility: 'private',
        cover: { url: 'https://example.com/a.png' },
      },
      revision: 1,
      updatedAt: start + 1,
      updatedBy: '',
    },
  ])
  await store.close()
})

describe('the next release', () => {
  const added = '999-example'
  const addTable = async (db: Parameters<(typeof migrations)[string]['up']>[0]) => {
    await db.schema.createTable('example').addColumn('id', 'text').execute()
  }
  afterEach(() => {
    delete migrations[added]
  })

  async function withOnePrediction() {
    const store = await openSqlite(path)
    await store.accept(predictionOf(), versionOf(), null)
    await store.close()
  }

  it('keeps a copy of what was there before it changes a table', async () => {
    await withOnePrediction()
    migrations[added] = { up: addTable }
    const store = await openSqlite(path)
    expect(await store.find(idOf(1))).toEqual(predictionOf())
    await store.close()

    delete migrations[added]
    const copy = await openSqlite(join(folder, 'data', `before-${added}.sqlite`))
    expect(await copy.find(idOf(1))).toEqual(predictionOf())
    await copy.close()
  })

  it('cannot be undone by starting the one before, which says what to do', async () => {
    migrations[added] = { up: addTable }
    await withOnePrediction()
    delete migrations[added]
    await expect(openSqlite(path)).rejects.toThrow(
      `${path} was written by a newer version of Sandpit. Start that version, or restore the copy it saved.`,
    )
  })

  it('can be started again after a change of tables that failed', async () => {
    await withOnePrediction()
    migrations[added] = {
      up: async (db) => {
        await addTable(db)
        throw new Error('The lights went out.')
      },
    }
    await expect(openSqlite(path)).rejects.toThrow('The lights went out.')
    await expect(openSqlite(path)).rejects.toThrow('The lights went out.')
    migrations[added] = { up: addTable }
    const store = await openSqlite(path)
    expect(await store.find(idOf(1))).toEqual(predictionOf())
    await store.close()
  })
})
