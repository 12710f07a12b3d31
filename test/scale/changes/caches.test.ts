import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noFields } from '../../../src/domain/model/edit.ts'
import { eventually } from '../../support/eventually.ts'
import { echo, writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createReplicaApps } from '../../support/replica-apps.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({ echo })
const ref = { owner: 'team', name: 'echo' }
/** Sooner than a replica reads all of it again by itself, which it does every 10 s. */
const soonMs = 8_000

let replicas: Awaited<ReturnType<typeof createReplicaApps>>
beforeEach(async () => {
  replicas = await createReplicaApps({ models: [models] })
})
afterEach(() => replicas.close())

const by = { viewer: 'someone', revision: 0 }

describe('what operators keep', () => {
  it('is known at every replica soon after it was saved at one', async () => {
    const { first, second } = replicas
    const settings = { ...first.records.of(ref).settings, intake: 'paused' as const }
    await first.records.save({ ...first.records.of(ref), settings })
    await first.edits.save(ref, { description: 'Changed.' }, by)
    const collection = { slug: 'tools', title: 'Tools', summary: '', models: [ref] }
    await first.collections.save(collection, 0)
    await eventually(async () => {
      expect(second.records.find(ref)?.settings.intake).toBe('paused')
      expect((await second.runner.findModel(ref))?.description).toBe('Changed.')
      expect(second.collections.find('tools')?.title).toBe('Tools')
    }, soonMs)
    await first.edits.remove(ref)
    await first.collections.remove('tools')
    await eventually(async () => {
      expect((await second.runner.findModel(ref))?.description).not.toBe('Changed.')
      expect(second.collections.find('tools')).toBeNull()
    }, soonMs)
  })

  it('is the same object while nothing changes, so that what was drawn of it stays valid', async () => {
    const { first, second } = replicas
    await first.edits.save(ref, { ...noFields, description: 'Changed.' }, by)
    await eventually(() => expect(second.edits.find(ref)).not.toBeNull(), soonMs)
    const before = second.edits.find(ref)
    const changes = second.edits.changes()
    await second.edits.refresh()
    expect(second.edits.find(ref)).toBe(before)
    expect(second.edits.changes()).toBe(changes)
  })
})

describe('a replica whose connection was lost', () => {
  it('reads again what it may have missed', async () => {
    const { first, second, url } = replicas
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'sandpit changes'`)
    await client.end()
    await first.edits.save(ref, { description: 'Changed.' }, by)
    await eventually(
      () => expect(second.edits.find(ref)?.fields.description).toBe('Changed.'),
      8_000,
    )
  })
})

describe('a prediction that another replica has in memory', () => {
  it('is not shown after it was deleted or made private', async () => {
    const { first, second } = replicas
    const maker = createVisitor(first)
    const stranger = createVisitor(second)
    const ids: string[] = []
    for (const text of ['one', 'two']) {
      const id = idIn(await maker.run('team/echo', { text }))
      await first.runner.settledWithin(id, 60_000)
      expect((await stranger.request(`/p/${id}`)).status).toBe(200)
      expect((await stranger.request(`/p/${id}/panel`)).status).toBe(200)
      ids.push(id)
    }
    const [deleted = '', hidden = ''] = ids
    // By the store alone: nothing is told.
    await first.store.remove(deleted, Date.now())
    await first.store.setVisibility(hidden, 'private', Date.now())
    for (const id of [deleted, hidden]) {
      expect((await stranger.request(`/p/${id}`)).status).toBe(404)
      expect((await stranger.request(`/p/${id}/panel`)).status).toBe(404)
    }
  })
})
