import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { createSharedClaims } from '../../src/webhooks/claims.ts'
import { setTimer } from '../../src/webhooks/timer.ts'
import { eventually } from '../support/eventually.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'
import { answers, eventsIn, type Receiver, startReceiver } from '../support/receiver.ts'
import { createReplicaApps } from '../support/replica-apps.ts'
import { models, startPrediction } from '../webhooks/support.ts'

let apps: Awaited<ReturnType<typeof createReplicaApps>>
let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
  apps = await createReplicaApps({
    models: [models],
    environment: { SANDPIT_OUTBOUND_ALLOW: '127.0.0.0/8,::1' },
  })
})
afterEach(async () => {
  await apps.close()
  await receiver.close()
})

const runAt = (app: 'first' | 'second') =>
  startPrediction(
    apps[app],
    'test/quick',
    { url: receiver.url, events: ['start', 'completed'] },
    { text: 'Ada' },
  )

it('sends each event once, wherever the runs are, and to one receiver from one replica', async () => {
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, index) => runAt(index % 2 === 0 ? 'first' : 'second')),
  )
  await eventually(async () => {
    for (const id of ids) {
      const fates = (await apps.first.store.deliveriesOf(id)).map(({ state }) => state)
      expect(fates).toEqual(['delivered', 'delivered'])
    }
  })
  expect(receiver.received).toHaveLength(2 * ids.length)
  for (const id of ids)
    expect(eventsIn(receiver.received.filter(({ json }) => json.id === id))).toEqual([
      'start processing',
      'completed succeeded',
    ])
})

it('goes on from another replica when the one that sent is told to stop', async () => {
  receiver.behave(answers(503, { 'Retry-After': '1' }))
  const id = await runAt('first')
  await eventually(() => expect(receiver.received.length).toBeGreaterThan(0))
  receiver.behave(answers(200))
  await apps.first.deps.webhooks.stop(0)
  await eventually(async () => {
    const fates = (await apps.second.store.deliveriesOf(id)).map(({ state }) => state)
    expect(fates).toEqual(['delivered', 'delivered'])
  })
})

it('takes a receiver over when the claim of a replica that is gone is over', async () => {
  const server = inject('postgres')
  const name = await createDatabase(server, inject('template'))
  const open = (replica: string) => openPostgres({ url: `${server}/${name}`, replica, onLost() {} })
  const [a, b] = [await open('a'), await open('b')]
  const refused: string[] = []
  const claimsOf = ({ receivers }: typeof a) =>
    createSharedClaims({
      table: receivers,
      requestMs: 500,
      validMs: 2_000,
      setTimer,
      refused: (one) => refused.push(one),
      onError: (error) => refused.push(String(error)),
    })
  const [first, second] = [claimsOf(a), claimsOf(b)]
  expect(await first.take('http://a')).toBe(true)
  expect(await second.take('http://b')).toBe(true)
  expect(await second.take('http://a')).toBe(false)
  expect(refused).toEqual(['http://a'])
  const held = performance.now()
  // It renews its claim for more than its time.
  await eventually(() => expect(performance.now() - held).toBeGreaterThan(4_000))
  expect(await second.take('http://a')).toBe(false)
  // A replica that is killed renews no more.
  await a.store.close()
  await eventually(async () => expect(await second.take('http://a')).toBe(true))
  expect(await b.receivers.claimed()).toEqual(new Set(['http://a', 'http://b']))
  second.release('http://b')
  await second.close()
  expect(await b.receivers.claimed()).toEqual(new Set())
  await b.store.close()
  await dropDatabase(server, name)
})
