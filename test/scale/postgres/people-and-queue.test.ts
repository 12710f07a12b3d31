import { apply } from '../../../src/domain/prediction/apply.ts'
import { describePeopleStore } from '../../store/people-conformance.ts'
import { describeQueue } from '../../store/queue/conformance.ts'
import { start, versionOf } from '../../support/domain.ts'
import { openTwo } from './open-two.ts'

describePeopleStore('the PostgreSQL store, of people', openTwo)

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
