import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ModelRef, modelName } from '../../../src/domain/model-ref.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import type { ClaimLimits, Queue } from '../../../src/store/queue/queue.ts'
import { predictionOf, start } from '../../support/domain.ts'

export interface OpenedQueue {
  readonly queue: Queue
  /** Accepts a prediction and adds it to the queue. */
  add(prediction: Prediction): Promise<void>
  /** Settles a prediction that runs, or that waits. */
  settle(id: string): Promise<void>
  close(): Promise<void>
}

const model: ModelRef = { owner: 'team', name: 'model' }
const other: ModelRef = { owner: 'team', name: 'other' }
const small: ModelRef = { owner: 'ann', name: 'small' }
const large: ModelRef = { owner: 'ann', name: 'large' }
const charge = 10_000

/** The contract of `Queue`, wherever what waits is kept. */
export function describeQueue(name: string, open: () => Promise<OpenedQueue>): void {
  let opened: OpenedQueue
  let queue: Queue
  /** By the name that a test gave it. */
  let known: Map<string, Prediction>
  beforeEach(async () => {
    opened = await open()
    queue = opened.queue
    known = new Map()
  })
  afterEach(() => opened.close())

  async function add(name: string, more: Partial<Prediction> = {}): Promise<void> {
    const createdBy = more.createdBy ?? 'ann'
    const account = more.account ?? createdBy
    const prediction = predictionOf({
      model,
      ...more,
      id: name.padEnd(26, 'a'),
      createdBy,
      account,
      createdAt: start + known.size,
    })
    known.set(name, prediction)
    await opened.add(prediction)
  }

  async function addAll(...names: readonly string[]): Promise<void> {
    for (const one of names) await add(one)
  }

  function find(name: string): Prediction {
    const found = known.get(name)
    if (!found) throw new Error(`${name} was never added`)
    return found
  }

  const nameOf = (id: string) => [...known].find(([, one]) => one.id === id)?.[0] ?? id

  /** Everyone may run so many. */
  const ofPeople = (most: number) => ({
    ofPerson: () => most,
    readPeople: async (people: readonly string[]) =>
      new Map(people.map((person) => [person, most])),
  })
  const limits = (copies: number): ClaimLimits => ({
    copies,
    runsHere: false,
    passedVersions: [],
    ofDeployment: () => 100,
    readDeployments: async () => {},
    ...ofPeople(100),
    charge,
  })

  async function claim(copies: number, more: Partial<ClaimLimits> = {}, ref = model) {
    const { claimed } = await queue.claim(ref, { ...limits(copies), ...more })
    return claimed.map(({ id }) => nameOf(id))
  }

  async function finish(name: string, ranMs = charge): Promise<void> {
    await opened.settle(find(name).id)
    await queue.finish(find(name), ranMs)
  }

  const place = (name: string) => queue.place(find(name), charge)

  describe(name, () => {
    it('serves in order, as many at once as it may', async () => {
      await addAll('a', 'b', 'c')
      expect(await claim(2)).toEqual(['a', 'b'])
      expect(await queue.load(model)).toEqual({ running: 2, waiting: 1 })
      expect((await queue.waiting(model)).map(nameOf)).toEqual(['c'])
      await finish('a')
      expect(await claim(2)).toEqual(['c'])
      expect(await claim(2)).toEqual([])
    })

    it('says who is next', async () => {
      await addAll('a', 'b', 'c')
      await claim(1)
      expect(await place('a')).toBeNull()
      expect(await place('b')).toEqual({ before: 0, own: 0, behind: 1 })
      expect(await place('c')).toEqual({ before: 1, own: 1, behind: 0 })
      expect(await queue.placeOfNext(model, 'ann', charge)).toEqual({
        before: 2,
        own: 2,
        behind: 0,
      })
    })

    it('moves up when one leaves, and lets go of none that runs', async () => {
      await addAll('a', 'b', 'c')
      await claim(1)
      await queue.remove(find('b'))
      await opened.settle(find('b').id)
      await queue.remove(find('a'))
      expect((await place('c'))?.before).toBe(0)
      expect(await queue.load(model)).toEqual({ running: 1, waiting: 1 })
    })

    it('puts back what was claimed but not begun', async () => {
      await addAll('a', 'b')
      const { claimed } = await queue.claim(model, limits(1))
      for (const one of claimed) await queue.release(one)
      expect(await queue.load(model)).toEqual({ running: 0, waiting: 2 })
      expect((await claim(2)).sort()).toEqual(['a', 'b'])
    })

    it('says whether so many wait', async () => {
      await addAll('a', 'b')
      expect(await queue.isFull(model, 2)).toBe(true)
      expect(await queue.isFull(model, 3)).toBe(false)
      await add('c')
      expect(await queue.isFull(model, 3)).toBe(true)
      await claim(1)
      expect(await queue.isFull(model, 3)).toBe(false)
      await queue.remove(find('b'))
      await opened.settle(find('b').id)
      expect(await queue.isFull(model, 2)).toBe(false)
      expect(await queue.load(model)).toEqual({ running: 1, waiting: 1 })
    })

    it('says whether others may wait', async () => {
      await addAll('a', 'b')
      expect((await queue.claim(model, limits(1))).isMore).toBe(true)
      expect((await queue.claim(model, limits(1))).isMore).toBe(true)
      expect((await queue.claim(model, limits(2))).isMore).toBe(false)
    })

    it('knows nothing of the queues of other models', async () => {
      await add('a')
      await add('b', { model: other })
      expect(await claim(1, {}, other)).toEqual(['b'])
      expect(await claim(1)).toEqual(['a'])
      expect(await queue.load(model)).toEqual({ running: 1, waiting: 0 })
    })

    describe('a deployment', () => {
      const oneInSmall = {
        ofDeployment: (deployment: string | null) => (deployment === modelName(small) ? 1 : 100),
      }

      it('runs no more at once than it may, and holds up none of the others', async () => {
        await add('a', { deployment: small })
        await add('b', { deployment: small })
        await add('c')
        await add('d', { deployment: large })
        expect(await claim(10, oneInSmall)).toEqual(['a', 'c', 'd'])
        expect(await queue.loadOfDeployment(model, small)).toEqual({ running: 1, waiting: 1 })
        expect((await place('b'))?.before).toBe(0)
        await finish('c')
        expect(await claim(10, oneInSmall)).toEqual([])
        await finish('a')
        expect(await claim(10, oneInSmall)).toEqual(['b'])
      })

      it('runs nothing where it may run none', async () => {
        await add('a', { deployment: small })
        await add('b')
        expect(
          await claim(10, { ofDeployment: (deployment) => (deployment === null ? 100 : 0) }),
        ).toEqual(['b'])
        expect(await claim(10)).toEqual(['a'])
      })

      it('runs beside those that were sent to the model itself, where these may run no more', async () => {
        await addAll('a', 'b')
        await add('c', { deployment: small })
        const oneOfTheModel = {
          ofDeployment: (deployment: string | null) => (deployment === null ? 1 : 100),
        }
        expect(await claim(10, oneOfTheModel)).toEqual(['a', 'c'])
        await finish('c')
        expect(await claim(10, oneOfTheModel)).toEqual([])
        await finish('a')
        expect(await claim(10, oneOfTheModel)).toEqual(['b'])
      })

      it('keeps to what the model may run in all', async () => {
        await add('a', { deployment: small })
        await add('b', { deployment: large })
        expect(await claim(1)).toEqual(['a'])
      })
    })

    describe('accounts', () => {
      it('take turns', async () => {
        await addAll('a', 'b', 'c')
        await add('d', { createdBy: 'bob' })
        expect(await place('d')).toEqual({ before: 1, own: 0, behind: 0 })
        expect(await claim(4)).toEqual(['a', 'd', 'b', 'c'])
      })

      it('are charged the time that their runs took', async () => {
        await addAll('a', 'b')
        for (const one of ['c', 'd', 'e']) await add(one, { createdBy: 'bob' })
        expect(await claim(1)).toEqual(['a'])
        await finish('a', 3 * charge)
        expect(await claim(10)).toEqual(['c', 'd', 'e', 'b'])
      })

      it('save up no turns while they wait for nothing', async () => {
        await addAll('a', 'b', 'c', 'd')
        for (const one of ['a', 'b']) {
          expect(await claim(1)).toEqual([one])
          await finish(one)
        }
        for (const one of ['e', 'f']) await add(one, { createdBy: 'bob' })
        expect(await claim(4)).toEqual(['e', 'c', 'f', 'd'])
      })
    })

    describe('a person', () => {
      const onePerson = ofPeople(1)

      it('runs no more at once than they may, in all models, and holds up nobody', async () => {
        await addAll('a', 'b')
        await add('c', { createdBy: 'bob' })
        await add('d', { model: other })
        expect(await claim(10, onePerson)).toEqual(['a', 'c'])
        expect(await claim(10, onePerson, other)).toEqual([])
        expect(await queue.loadOfPerson('ann')).toEqual({ running: 1, waiting: 2 })
        expect((await queue.modelsOf('ann')).map(modelName).sort()).toEqual([
          'team/model',
          'team/other',
        ])
        await finish('a')
        expect(await claim(10, onePerson, other)).toEqual(['d'])
        expect(await claim(10, onePerson)).toEqual([])
      })

      it('waits for none of the runs that do not count', async () => {
        await add('a')
        await add('child', { parent: 'p'.repeat(26) })
        expect(await claim(10, onePerson)).toEqual(['a', 'child'])
        expect(await queue.loadOfPerson('ann')).toEqual({ running: 1, waiting: 0 })
      })
    })
  })
}
