import { inject } from 'vitest'
import { apply } from '../../src/domain/prediction/apply.ts'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { describeStore } from '../store/conformance.ts'
import type { OpenedStore } from '../store/opened-store.ts'
import { describePeopleStore } from '../store/people-conformance.ts'
import { describeQueue } from '../store/queue/conformance.ts'
import { describeShareStore } from '../store/shares-conformance.ts'
import { start, versionOf } from '../support/domain.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'

describeStore('the PostgreSQL store', openTwo)
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
  const server = inject('postgres')
  const name = await createDatabase(server, inject('template'))
  const open = (replica: string) => openPostgres({ url: `${server}/${name}`, replica, onLost() {} })
  const { store: first, queue } = await open('a')
  const { store: second } = await open('b')
  return {
    first,
    second,
    queue,
    async close() {
      await Promise.all([first.close(), second.close()])
      await dropDatabase(server, name)
    },
  } satisfies OpenedStore & { queue: unknown }
}
