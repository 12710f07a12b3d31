import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { answers, eventsIn, isGenuine, type Receiver, startReceiver } from '../support/receiver.ts'
import { createVisitor } from '../support/visitor.ts'
import { fates, openStation, type Station, secret } from './support.ts'

let station: Station
let receiver: Receiver
beforeAll(async () => {
  station = await openStation()
})
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())
afterAll(() => station.close())

const arrived = ['start: delivered, 1, 200', 'completed: delivered, 1, 200']

async function expectGenuine(): Promise<void> {
  for (const one of receiver.received) {
    expect(await isGenuine(one, secret)).toBe(true)
    expect(await isGenuine({ ...one, body: `${one.body} ` }, secret)).toBe(false)
  }
}

describe('a webhook', () => {
  it('is told that a run began and that it is over, in this order, signed', async () => {
    const id = await station.run(receiver.url)
    expect(fates(await station.quiet(id))).toEqual(arrived)
    expect(eventsIn(receiver.received)).toEqual(['start processing', 'completed succeeded'])
    await expectGenuine()
    const [began, ended] = receiver.received
    expect(began?.json).toMatchObject({ id, output: null, logs: '', input: { text: 'Ada' } })
    expect(ended?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': `msg_${id}_completed`,
      'webhook-timestamp': String(station.clock.now() / 1000),
    })
    const visitor = createVisitor(station)
    const { urls: _, ...json } = await (
      await visitor.request(station.paths.predictionJson(id))
    ).json()
    expect(ended?.json).toMatchObject(json)
  })

  it('is told what was asked for and no more', async () => {
    const ids = [
      await station.run(receiver.url, ['completed']),
      await station.run(receiver.url, ['start']),
      await station.run(receiver.url, []),
    ]
    for (const id of ids) await station.quiet(id)
    expect(eventsIn(receiver.received)).toEqual(['completed succeeded', 'start processing'])
  })

  it('is told nothing more of what was deleted', async () => {
    receiver.behave(answers(503))
    const id = await station.run(receiver.url)
    await station.quiet(id)
    await station.runner.remove(id)
    station.clock.pass(48 * 60 * 60_000)
    expect(await station.store.receivers()).not.toContain(receiver.origin)
    expect(eventsIn(receiver.received)).toEqual(['start processing'])
  })
})

describe('a receiver', () => {
  it('that was down for a minute is told everything once it is back', async () => {
    const { port } = receiver
    await receiver.close()
    const id = await station.run(receiver.url)
    expect(fates(await station.quiet(id))[0]).toBe('start: pending, 1, no connection')
    for (let second = 0; second < 60; second++) {
      station.clock.pass(1_000)
      await station.quiet(id)
    }
    receiver = await startReceiver(port)
    const [began, ended] = await station.nextTry(id)
    expect([began?.state, ended?.state]).toEqual(['delivered', 'delivered'])
    expect(eventsIn(receiver.received)).toEqual(['start processing', 'completed succeeded'])
    await expectGenuine()
  })

  it('that always fails is given up when the schedule is through', async () => {
    receiver.behave(answers(500))
    const id = await station.run(receiver.url)
    const begun = station.clock.now()
    const waits: number[] = []
    for (let tries = 1; tries <= 16; tries++) {
      const pending = (await station.quiet(id)).find(({ state }) => state === 'pending')
      if (pending?.nextAt) waits.push((pending.nextAt - station.clock.now()) / 1000)
      await (pending ? station.nextTry(id) : null)
    }
    expect(fates(await station.quiet(id))).toEqual([
      'start: given up, 5, 500',
      'completed: given up, 11, 500',
    ])
    expect(waits).toEqual([
      ...[2, 6, 18, 54],
      ...[2, 6, 18, 54, 162, 486, 1458, 4374, 13122, 39366],
    ])
    expect(station.clock.now() - begun).toBeLessThan(24 * 60 * 60_000)
    expect(receiver.received).toHaveLength(16)
    const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']))
    expect(ids.size).toBe(2)
    await expectGenuine()
    expect(await station.store.receivers()).not.toContain(receiver.origin)
  })

  it('that does not answer in time is tried again', async () => {
    const hasty = await openStation(undefined, 2_000)
    receiver.behave(() => {})
    const id = await hasty.run(receiver.url)
    expect(fates(await hasty.quiet(id))[0]).toBe('start: pending, 1, timed out')
    receiver.behave(answers(204))
    const deliveries = await hasty.nextTry(id)
    expect(fates(deliveries)).toEqual(['start: delivered, 2, 204', 'completed: delivered, 1, 204'])
    await hasty.close()
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['cuts the connection off', (response) => response.socket?.destroy()],
    ['resets the connection', (response) => response.socket?.resetAndDestroy()],
  ])('that %s is tried again', async (_what, behaviour) => {
    receiver.behave(behaviour)
    const id = await station.run(receiver.url)
    expect(fates(await station.quiet(id))[0]).toBe('start: pending, 1, no answer')
    receiver.behave(answers(200))
    expect(fates(await station.nextTry(id))[0]).toBe('start: delivered, 2, 200')
  })

  it.each<[string, (response: ServerResponse) => void]>([
    [
      'for ever',
      (response) => {
        const more = () => response.write(Buffer.alloc(100_000))
        response.writeHead(200).on('drain', more)
        more()
      },
    ],
    ['slowly', (response) => void response.writeHead(200).write('I')],
  ])('that talks %s has been told', async (_how, behaviour) => {
    receiver.behave(behaviour)
    const id = await station.run(receiver.url)
    expect(fates(await station.quiet(id))).toEqual(arrived)
  })

  it.each([301, 302, 303, 307, 308])('that redirects by %i is not followed', async (status) => {
    receiver.behave(answers(status, { Location: '/elsewhere' }))
    const id = await station.run(receiver.url)
    expect(fates(await station.quiet(id))).toEqual([
      `start: given up, 1, ${status}, redirected`,
      `completed: given up, 1, ${status}, redirected`,
    ])
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook'])
  })

  it.each([400, 401, 404, 410, 422])('that refuses by %i is not asked again', async (status) => {
    receiver.behave(answers(status))
    const id = await station.run(receiver.url)
    expect(fates(await station.quiet(id))).toEqual([
      `start: given up, 1, ${status}, refused`,
      `completed: given up, 1, ${status}, refused`,
    ])
  })

  it.each<[string, (now: number) => string, number]>([
    ['seconds', () => '30', 30],
    ['a date', (now) => new Date(now + 90_000).toUTCString(), 90],
    ['a date that is past', (now) => new Date(now - 90_000).toUTCString(), 2],
    ['less than we wait', () => '1', 2],
    ['a week', () => '604800', 3600],
    ['no time', () => 'soon', 2],
  ])('that asks for more time is given it: %s', async (_how, retryAfter, seconds) => {
    receiver.behave(answers(429, { 'Retry-After': retryAfter(station.clock.now()) }))
    const id = await station.run(receiver.url, ['completed'])
    const [ended] = await station.quiet(id)
    expect(ended).toMatchObject({ state: 'pending', answer: '429' })
    expect(ended?.nextAt).toBe(station.clock.now() + seconds * 1000)
    receiver.behave(answers(200))
    expect(fates(await station.nextTry(id))).toEqual(['completed: delivered, 2, 200'])
  })
})

it('gives up a receiver that may not be reached, whatever it is called', async () => {
  const guarded = await openStation({})
  for (const origin of [
    receiver.origin,
    `http://localhost:${receiver.port}`,
    'ftp://ann.example',
  ]) {
    const id = await guarded.run(`${origin}/hook`)
    expect(fates(await guarded.quiet(id))).toEqual([
      'start: given up, 1, not allowed',
      'completed: given up, 1, not allowed',
    ])
  }
  expect(receiver.received).toEqual([])
  await guarded.close()
})

it('keeps a receiver that never answers to its turns, and delays no other', async () => {
  const patient = await openStation({ SANDPIT_OUTBOUND_ALLOW: '127.0.0.1' }, 600_000)
  const other = await startReceiver()
  receiver.behave(() => {})
  for (let made = 0; made < 40; made++) await patient.run(receiver.url, ['completed'])
  await eventually(() => expect(receiver.received).toHaveLength(16))
  const id = await patient.run(other.url)
  expect(fates(await patient.quiet(id))).toEqual(arrived)
  expect(receiver.received).toHaveLength(16)
  await patient.close()
  await other.close()
})
