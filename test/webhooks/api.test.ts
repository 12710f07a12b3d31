import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ApiServer, pixel, startApi } from '../api/support.ts'
import { eventually } from '../support/eventually.ts'
import { eventsIn, isGenuine, type Receiver, startReceiver } from '../support/receiver.ts'

let api: ApiServer
let receiver: Receiver
beforeAll(async () => {
  api = await startApi({ environment: { SANDPIT_OUTBOUND_ALLOW: '127.0.0.1' } })
  receiver = await startReceiver()
})
afterAll(async () => {
  await api.stop()
  await receiver.close()
})

const told = (id: string) => receiver.received.filter(({ json }) => json.id === id)
const ended = async (id: string) => {
  await eventually(() => expect(eventsIn(told(id)).at(-1)).toMatch(/^completed/))
  return told(id)
}

it('tells the receiver that the client names, with the secret that the client asks for', async () => {
  const { replicate } = api
  const made = await replicate.predictions.create({
    model: 'test/words',
    input: { words: ['a', 'b', 'c'], everyMs: 150 },
    webhook: receiver.url,
  })
  const all = await ended(made.id)
  const events = eventsIn(all)
  expect(events[0]).toBe('start processing')
  expect(events.slice(1, -1).length).toBeGreaterThan(0)
  expect(new Set(events.slice(1, -1))).toEqual(new Set(['update processing']))
  expect(events.at(-1)).toBe('completed succeeded')
  const { key } = await replicate.webhooks.default.secret.get()
  for (const one of all) expect(await isGenuine(one, key)).toBe(true)
  expect(all.at(-1)?.json).toEqual(await replicate.predictions.get(made.id))
})

it('tells only of what was asked for', async () => {
  const made = await api.replicate.predictions.create({
    model: 'test/failing',
    input: {},
    webhook: receiver.url,
    webhook_events_filter: ['completed'],
  })
  expect(eventsIn(await ended(made.id))).toEqual(['completed failed'])
})

it('names files by addresses that need no token', async () => {
  const made = await api.replicate.predictions.create({
    model: 'test/pictures',
    input: {},
    webhook: receiver.url,
    webhook_events_filter: ['completed'],
  })
  const [last] = await ended(made.id)
  const [address] = (last?.json.output ?? []) as string[]
  const response = await fetch(address ?? '')
  expect(Buffer.from(await response.arrayBuffer())).toEqual(pixel)
})
