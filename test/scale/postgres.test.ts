import { apply } from '../../src/domain/prediction/apply.ts'
import { describeStore } from '../store/conformance.ts'
import { describeGroupStore } from '../store/groups-conformance.ts'
import { describeJudgementStore } from '../store/judgements-conformance.ts'
import type { OpenedStore } from '../store/opened-store.ts'
import { describePeopleStore } from '../store/people-conformance.ts'
import { describeQueue } from '../store/queue/conformance.ts'
import { describeShareStore } from '../store/shares-conformance.ts'
import { describeStatisticsStore } from '../store/statistics-conformance.ts'
import { start, versionOf } from '../support/domain.ts'
import { createTestDatabase } from '../support/postgres-store.ts'

describeStore('the PostgreSQL store', openTwo)
describeGroupStore('the PostgreSQL store, of groups', openTwo)
describeJudgementStore('the PostgreSQL store, of judgements', openTwo)
describeStatisticsStore('the PostgreSQL store, of ended runs', openTwo)
describePeopleStore('the PostgreSQL store, of people', openTwo)
describeShareStore('the PostgreSQL store, of shares and retention', openTwo)

describeQueue('the queue on PostgreSQL', async () => {
  const { first: store, queue, close } = await openTwo()
  return {
    queue,
    async add(prediction) {
      await store.accept(prediction, versionOf(), null)
      queue.add(prediction)
    },
    async settle(id) {
      const saved = await store.find(id)
      if (saved) await store.save(saved, apply(saved, { type: 'canceled', at: start }))
    },
    close,
  }
})

async function openTwo() {
  const database = await createTestDatabase()
  const { store: first, queue } = await database.open('a')
  const { store: second } = await database.open('b')
  return { first, second, queue, close: database.drop } satisfies OpenedStore & { queue: unknown }
}
