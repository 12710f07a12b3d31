import { expect, it } from 'vitest'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { eventually } from '../support/eventually.ts'
import { eventsIn, startReceiver } from '../support/receiver.ts'
import { createTestApp } from '../support/test-app.ts'
import { models, startPrediction } from './support.ts'

it('tells of the end as it is saved, when that is sent before the runner hears of the save', async () => {
  const receiver = await startReceiver()
  const saved = Promise.withResolvers<void>()
  const heard = Promise.withResolvers<void>()
  const sandpit = await createTestApp({
    environment: { SANDPIT_OUTBOUND_ALLOW: '127.0.0.1' },
    models: [models],
    wrapStore: (store) => ({
      ...store,
      async save(previous, next) {
        const isKept = await store.save(previous, next)
        if (isSettled(next)) {
          saved.resolve()
          await heard.promise
        }
        return isKept
      },
    }),
  })
  const webhook = { url: receiver.url, events: ['completed'] } as const
  await startPrediction(sandpit, 'test/quick', webhook, { text: 'Ada' })
  await saved.promise
  // As another delivery to the same receiver does.
  await sandpit.webhooks.recover()
  await eventually(() => expect(receiver.received.length).toBe(1))
  expect(eventsIn(receiver.received)).toEqual(['completed succeeded'])
  heard.resolve()
  await sandpit.close()
  await receiver.close()
})
