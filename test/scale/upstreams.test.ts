import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noFields } from '../../src/domain/model/edit.ts'
import { shareDescriptions } from '../../src/share-descriptions.ts'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { describeDescriptions } from '../providers/descriptions-conformance.ts'
import { echo, writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createReplicaApps } from '../support/replica-apps.ts'
import type { TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

let replicas: Awaited<ReturnType<typeof createReplicaApps>>
beforeAll(async () => {
  replicas = await createReplicaApps({
    models: [writeModels({ echo })],
    environment: { SANDPIT_LOCAL_OPERATOR: 'false' },
  })
})
afterAll(() => replicas.close())

function descriptionsOf({ deps: { upstreamNotes: notes, records, log } }: TestApp) {
  if (!notes) throw new Error('Replicas have notes')
  return shareDescriptions({ notes, records, log })('cog')
}

describe('descriptions of replicas', () => {
  describeDescriptions(() => descriptionsOf(replicas.second))

  it('are those that were kept first, while they are of one edition', async () => {
    const [one, two] = [replicas.first, replicas.second].map(descriptionsOf)
    const seenAt = async (at: number) =>
      (at % 2 ? one : two)?.write('team/new', { edition: 'same', content: { seenAt: at } })
    const kept = await Promise.all([1, 2, 3, 4, 5, 6].map(seenAt))
    expect(kept).toEqual(Array(6).fill(kept[0]))
    expect(await one?.read('team/new')).toEqual(kept[0])
  })
})

describe('a model that was made private at one replica', () => {
  it('is not shown by another one, which was told nothing', async () => {
    const { first, second } = replicas
    const ref = { owner: 'team', name: 'echo' }
    const id = idIn(await createVisitor(first).run('team/echo', { text: 'seen' }))
    await first.runner.settledWithin(id, 60_000)
    const stranger = createVisitor(second)
    const pages = [`/p/${id}/panel`, `/p/${id}`, '/team/echo']
    /** One after the other, so that none sees what another has read. */
    async function statuses(order: readonly string[]): Promise<readonly number[]> {
      const found: number[] = []
      for (const page of order) found.push((await stranger.request(page)).status)
      return found
    }
    expect(await statuses(pages)).toEqual([200, 200, 200])
    const silent = await openPostgres({ url: replicas.url, replica: 'silent', onLost() {} })
    const fields = { ...noFields, visibility: 'private' as const }
    const edit = { ref, fields, revision: 1, updatedAt: Date.now(), updatedBy: 'olga' }
    expect(await silent.store.saveModelEdit(edit, 0)).toBe(true)
    await silent.operatorChanges.add()
    await silent.store.close()
    expect(await statuses(pages)).toEqual([404, 404, 404])
  })
})
