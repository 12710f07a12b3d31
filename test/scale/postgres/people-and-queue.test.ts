import { expect, it } from 'vitest'
import { apply } from '../../../src/domain/prediction/apply.ts'
import { describePeopleStore } from '../../store/people-conformance.ts'
import { describeQueue } from '../../store/queue/conformance.ts'
import { idOf, predictionOf, start, versionOf } from '../../support/domain.ts'
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

it('keeps to the limits of people that are forgotten while it claims', async () => {
  const { first: store, queue, close } = await openTwo()
  const waiting = [1, 2, 3].map((number) => predictionOf({ id: idOf(number), createdBy: 'ann' }))
  for (const one of waiting) {
    await store.accept(one, versionOf(), null)
    queue.add(one)
  }
  const { claimed, isMore } = await queue.claim(predictionOf().model, {
    copies: 10,
    runsHere: false,
    passedVersions: [],
    ofDeployment: () => 10,
    readDeployments: async () => {},
    // As after a gap in what other replicas tell.
    ofPerson: () => Number.POSITIVE_INFINITY,
    readPeople: async (people) => new Map(people.map((person) => [person, 1])),
    charge: 1,
  })
  expect(claimed.map(({ id }) => id)).toEqual([idOf(1)])
  expect(isMore).toBe(true)
  await close()
})
