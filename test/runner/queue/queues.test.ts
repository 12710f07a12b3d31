import { beforeEach, describe, expect, it } from 'vitest'
import { createQueues, type Queues } from '../../../src/runner/queue/queues.ts'

const model = 'team/model'
const small = 'ann/small'

let queues: Queues
beforeEach(() => {
  queues = createQueues()
})

function add(...ids: readonly string[]): void {
  for (const id of ids) queues.add(model, id)
}

/** Takes as many as there is room for. */
function takeAll(concurrency: number, concurrencyOf?: (deployment: string) => number): string[] {
  const taken: string[] = []
  for (let id = queues.take(model, concurrency, concurrencyOf); id !== null; ) {
    taken.push(id)
    id = queues.take(model, concurrency, concurrencyOf)
  }
  return taken
}

describe('a queue', () => {
  it('serves in order, as many at once as it may', () => {
    add('a', 'b', 'c')
    expect(takeAll(2)).toEqual(['a', 'b'])
    expect(queues.running(model)).toBe(2)
    expect(queues.waiting(model)).toEqual(['c'])
    queues.finish(model, 'a')
    expect(takeAll(2)).toEqual(['c'])
    expect(takeAll(2)).toEqual([])
  })

  it('says who is next', () => {
    add('a', 'b', 'c')
    queues.take(model, 1)
    expect(queues.position(model, 'a')).toBeNull()
    expect(queues.position(model, 'b')).toBe(1)
    expect(queues.position(model, 'c')).toBe(2)
  })

  it('moves up when one leaves, and lets go of none that runs', () => {
    add('a', 'b', 'c')
    queues.take(model, 1)
    expect(queues.remove(model, 'b')).toBe(true)
    expect(queues.remove(model, 'b')).toBe(false)
    expect(queues.remove(model, 'a')).toBe(false)
    expect(queues.position(model, 'c')).toBe(1)
    expect(queues.running(model)).toBe(1)
  })

  it('knows nothing of the queues of other models', () => {
    add('a')
    queues.add('team/other', 'b')
    expect(queues.take('team/other', 1)).toBe('b')
    expect(queues.take(model, 1)).toBe('a')
    queues.finish('team/other', 'a')
    expect(queues.running(model)).toBe(1)
  })
})

describe('a deployment', () => {
  const oneInSmall = (deployment: string) => (deployment === small ? 1 : 100)

  it('runs no more at once than it may, and holds up none of the others', () => {
    queues.add(model, 'a', small)
    queues.add(model, 'b', small)
    queues.add(model, 'c')
    queues.add(model, 'd', 'ann/large')
    expect(takeAll(10, oneInSmall)).toEqual(['a', 'c', 'd'])
    expect(queues.position(model, 'b')).toBe(1)
    queues.finish(model, 'c')
    expect(takeAll(10, oneInSmall)).toEqual([])
    queues.finish(model, 'a')
    expect(takeAll(10, oneInSmall)).toEqual(['b'])
  })

  it('keeps to what the model may run in all', () => {
    queues.add(model, 'a', small)
    queues.add(model, 'b', 'ann/large')
    expect(takeAll(1, () => 100)).toEqual(['a'])
  })

  it('is left by whatever ends, so that the next of its name is of no deployment', () => {
    queues.add(model, 'a', small)
    queues.take(model, 10, oneInSmall)
    queues.finish(model, 'a')
    queues.add(model, 'left', small)
    queues.remove(model, 'left')
    add('a', 'left')
    queues.add(model, 'b', small)
    expect(takeAll(10, oneInSmall)).toEqual(['a', 'left', 'b'])
  })
})
