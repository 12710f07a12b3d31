import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/domain/json/json.ts'
import type { WebhookEvent } from '../../src/domain/prediction/webhook.ts'
import { eventually } from '../support/eventually.ts'
import { answers, eventsIn, isGenuine, type Receiver, startReceiver } from '../support/receiver.ts'
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

/** A run that does what the test says, each time saved before it is over. */
async function held(events?: readonly WebhookEvent[]) {
  const id = await station.start('test/held', receiver.url, events)
  let made = 0
  let said = 0
  async function happen(event: Parameters<typeof station.runner.advance>[1]) {
    const { revision = 0 } = (await station.runner.find(id)) ?? {}
    await station.runner.advance(id, event)
    await station.runner.until(id, (now) => now?.revision !== revision, 10_000)
  }
  await station.runner.until(id, (prediction) => prediction?.status === 'starting', 10_000)
  return {
    id,
    begin: () => happen({ type: 'started', at: station.clock.now() }),
    emit: (...chunks: readonly Json[]) => {
      const index = made
      made += chunks.length
      return happen({ type: 'emitted', index, chunks, at: station.clock.now() })
    },
    log: (text: string) => {
      const offset = said
      said += text.length
      return happen({ type: 'logged', offset, text, at: station.clock.now() })
    },
    end: () => happen({ type: 'succeeded', at: station.clock.now() }),
  }
}

const outputs = () => receiver.received.map(({ json }) => json.output)
const came = (count: number) => eventually(() => expect(receiver.received).toHaveLength(count))

describe('output and logs', () => {
  it('are told as they come, each time whole, no more often than every 500 ms', async () => {
    const run = await held()
    await run.begin()
    await came(1)
    await run.emit('a')
    await came(2)
    await run.emit('b')
    station.clock.pass(200)
    await run.log('Ready.\n')
    await run.emit('c')
    station.clock.pass(299)
    expect(receiver.received).toHaveLength(2)
    station.clock.pass(1)
    await came(3)
    station.clock.pass(5_000)
    await run.log('Done.\n')
    await came(4)
    await run.end()
    await station.quiet(run.id)
    expect(eventsIn(receiver.received)).toEqual([
      'start processing',
      ...Array(3).fill('update processing'),
      'completed succeeded',
    ])
    expect(outputs()).toEqual([null, ['a'], ...Array(3).fill(['a', 'b', 'c'])])
    expect(receiver.received[3]?.json.logs).toBe('Ready.\nDone.\n')
    for (const one of receiver.received) expect(await isGenuine(one, secret)).toBe(true)
  })

  it('are told only where that was asked for', async () => {
    const run = await held(['logs'])
    await run.emit('a')
    await run.log('Half way.\n')
    await came(1)
    station.clock.pass(1_000)
    await run.emit('b')
    station.clock.pass(1_000)
    await run.log('Nearly there.\n')
    await came(2)
    expect(outputs()).toEqual([['a'], ['a', 'b']])
  })

  it('are told a last time when nobody asked to be told of the end', async () => {
    const run = await held(['output'])
    await run.emit('a')
    await came(1)
    await run.emit('b')
    await run.end()
    station.clock.pass(500)
    await came(2)
    expect(eventsIn(receiver.received)).toEqual(['update processing', 'update succeeded'])
    expect(outputs()).toEqual([['a'], ['a', 'b']])
  })

  it('are left to the end when that comes first', async () => {
    const run = await held(['output', 'completed'])
    await run.emit('a')
    await came(1)
    await run.emit('b')
    await run.end()
    await station.quiet(run.id)
    station.clock.pass(10_000)
    expect(eventsIn(receiver.received)).toEqual(['update processing', 'completed succeeded'])
  })

  it('that could not be told are in what is told next', async () => {
    receiver.behave(answers(500))
    const run = await held(['output'])
    await run.emit('a')
    await came(1)
    receiver.behave(answers(200))
    station.clock.pass(60_000)
    await run.emit('b')
    await came(2)
    expect(outputs()).toEqual([['a'], ['a', 'b']])
  })
})

describe('what came later', () => {
  it('is told after what came before: output after a start that has to be told again', async () => {
    receiver.behave(answers(503))
    const run = await held()
    await run.begin()
    expect(fates(await station.quiet(run.id))).toEqual(['start: pending, 1, 503'])
    await run.emit('a')
    station.clock.pass(1_000)
    await run.emit('b')
    receiver.behave(answers(200))
    await station.nextTry(run.id)
    await came(3)
    station.clock.pass(500)
    await run.end()
    await station.quiet(run.id)
    expect(eventsIn(receiver.received)).toEqual([
      'start processing',
      'start processing',
      'update processing',
      'completed succeeded',
    ])
    expect(outputs()).toEqual([null, null, ['a', 'b'], ['a', 'b']])
  })

  it('is told last though it came while something was being told', async () => {
    const waiting: (() => void)[] = []
    receiver.behave((response) => waiting.push(() => response.end()))
    const run = await held(['output', 'completed'])
    await run.emit('a')
    await came(1)
    await run.end()
    await eventually(async () =>
      expect(fates(await station.store.deliveriesOf(run.id))).toEqual([
        'completed: pending, 0, null',
      ]),
    )
    expect(receiver.received).toHaveLength(1)
    receiver.behave(answers(200))
    for (const answer of waiting) answer()
    await station.quiet(run.id)
    expect(eventsIn(receiver.received)).toEqual(['update processing', 'completed succeeded'])
  })
})
