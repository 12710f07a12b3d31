import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Concurrency,
  createQueues,
  type Queued,
  type Queues,
} from '../../../src/runner/queue/queues.ts'

const model = 'team/model'
const small = 'ann/small'

let queues: Queues
beforeEach(() => {
  queues = createQueues()
})

const charge = 10_000

const queued = (id: string, more: Partial<Queued> = {}): Queued => ({
  id,
  account: 'ann',
  deployment: null,
  person: 'ann',
  ...more,
})

function add(...ids: readonly string[]): void {
  for (const id of ids) queues.add(model, queued(id))
}

const place = (id: string, account = 'ann') => queues.place(model, { id, account }, charge)

const concurrency = (ofModel: number, more: Partial<Concurrency> = {}): Concurrency => ({
  ofModel,
  ofDeployment: () => 100,
  ofPerson: () => 100,
  ...more,
})

const take = (ofModel: number, more?: Partial<Concurrency>) =>
  queues.take(model, charge, concurrency(ofModel, more))

/** Takes as many as there is room for. */
function takeAll(ofModel: number, more?: Partial<Concurrency>): string[] {
  const taken: string[] = []
  for (let id = take(ofModel, more); id !== null; id = take(ofModel, more)) taken.push(id)
  return taken
}

describe('a queue', () => {
  it('serves in order, as many at once as it may', () => {
    add('a', 'b', 'c')
    expect(takeAll(2)).toEqual(['a', 'b'])
    expect(queues.running(model)).toBe(2)
    expect(queues.waiting(model)).toEqual([queued('c')])
    queues.finish(model, 'a', charge)
    expect(takeAll(2)).toEqual(['c'])
    expect(takeAll(2)).toEqual([])
  })

  it('says who is next', () => {
    add('a', 'b', 'c')
    take(1)
    expect(place('a')).toBeNull()
    expect(place('b')).toEqual({ before: 0, own: 0, behind: 1 })
    expect(place('c')).toEqual({ before: 1, own: 1, behind: 0 })
  })

  it('moves up when one leaves, and lets go of none that runs', () => {
    add('a', 'b', 'c')
    take(1)
    expect(queues.remove(model, queued('b'))).toBe(true)
    expect(queues.remove(model, queued('b'))).toBe(false)
    expect(queues.remove(model, queued('a'))).toBe(false)
    expect(place('c')?.before).toBe(0)
    expect(queues.running(model)).toBe(1)
  })

  it('knows nothing of the queues of other models', () => {
    add('a')
    queues.add('team/other', queued('b'))
    expect(queues.take('team/other', charge, concurrency(1))).toBe('b')
    expect(take(1)).toBe('a')
    queues.finish('team/other', 'a', charge)
    expect(queues.running(model)).toBe(1)
  })
})

describe('a deployment', () => {
  const oneInSmall = {
    ofDeployment: (deployment: string) => (deployment === small ? 1 : 100),
  }

  it('runs no more at once than it may, and holds up none of the others', () => {
    queues.add(model, queued('a', { deployment: small }))
    queues.add(model, queued('b', { deployment: small }))
    queues.add(model, queued('c'))
    queues.add(model, queued('d', { deployment: 'ann/large' }))
    expect(takeAll(10, oneInSmall)).toEqual(['a', 'c', 'd'])
    expect(place('b')?.before).toBe(0)
    queues.finish(model, 'c', charge)
    expect(takeAll(10, oneInSmall)).toEqual([])
    queues.finish(model, 'a', charge)
    expect(takeAll(10, oneInSmall)).toEqual(['b'])
  })

  it('keeps to what the model may run in all', () => {
    queues.add(model, queued('a', { deployment: small }))
    queues.add(model, queued('b', { deployment: 'ann/large' }))
    expect(takeAll(1)).toEqual(['a'])
  })

  it('is left by whatever ends, so that the next of its name is of no deployment', () => {
    queues.add(model, queued('a', { deployment: small }))
    take(10, oneInSmall)
    queues.finish(model, 'a', charge)
    queues.add(model, queued('left', { deployment: small }))
    queues.remove(model, queued('left'))
    add('a', 'left')
    queues.add(model, queued('b', { deployment: small }))
    expect(takeAll(10, oneInSmall)).toEqual(['a', 'left', 'b'])
  })
})

describe('accounts', () => {
  it('take turns', () => {
    add('a', 'b', 'c')
    queues.add(model, queued('d', { account: 'bob' }))
    expect(queues.isShared(model)).toBe(true)
    expect(place('d', 'bob')).toEqual({ before: 1, own: 0, behind: 0 })
    expect(takeAll(4)).toEqual(['a', 'd', 'b', 'c'])
  })

  it('are charged the time that their runs took', () => {
    add('a', 'b')
    for (const id of ['c', 'd', 'e']) queues.add(model, queued(id, { account: 'bob' }))
    expect(take(1)).toBe('a')
    queues.finish(model, 'a', 3 * charge)
    expect(takeAll(10)).toEqual(['c', 'd', 'e', 'b'])
  })
})

describe('a person', () => {
  const onePerson = { ofPerson: () => 1 }

  it('runs no more at once than they may, in all models, and holds up nobody', () => {
    add('a', 'b')
    queues.add(model, queued('c', { account: 'bob', person: 'bob' }))
    queues.add('team/other', queued('d'))
    expect(takeAll(10, onePerson)).toEqual(['a', 'c'])
    expect(queues.take('team/other', charge, concurrency(10, onePerson))).toBeNull()
    expect(queues.loadOfPerson('ann')).toEqual({ running: 1, waiting: 2 })
    expect(queues.modelsOf('ann')).toEqual([model, 'team/other'])
    queues.finish(model, 'a', charge)
    expect(queues.take('team/other', charge, concurrency(10, onePerson))).toBe('d')
    expect(takeAll(10, onePerson)).toEqual([])
  })

  it('waits for none of the runs that do not count', () => {
    add('a')
    queues.add(model, queued('child', { person: null }))
    expect(takeAll(10, onePerson)).toEqual(['a', 'child'])
    expect(queues.loadOfPerson('ann')).toEqual({ running: 1, waiting: 0 })
  })
})
