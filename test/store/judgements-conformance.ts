import { describe, expect, it } from 'vitest'
import type { Choice, Judgement } from '../../src/domain/judgement/judgement.ts'
import type { Store } from '../../src/store/store.ts'
import { idOf, predictionOf, start, versionOf } from '../support/domain.ts'
import { type OpenedStore, openEach } from './opened-store.ts'

const [lantern, mend] = ['lantern', 'mend'].map((name) => ({ owner: 'kestrel', name }))

function judgementOf(number: number, judge: string, changes: Partial<Judgement> = {}): Judgement {
  return { prediction: idOf(number), judge, verdict: 'good', note: '', at: start, ...changes }
}

function choiceOf(numbers: readonly [number, number], changes: Partial<Choice> = {}): Choice {
  const [first, second] = numbers
  return {
    group: idOf(500),
    first: { id: idOf(first), model: lantern ?? { owner: '', name: '' } },
    second: { id: idOf(second), model: mend ?? { owner: '', name: '' } },
    judge: 'ada',
    better: 'first',
    at: start,
    ...changes,
  }
}

/** The contract of `JudgementStore`, for every database. */
export function describeJudgementStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let store: Store
    openEach(open, (opened) => {
      store = opened.first
    })

    const keep = (number: number, model = lantern) =>
      store.accept(
        predictionOf({ id: idOf(number), ...(model ? { model } : {}) }),
        versionOf(model ? { model } : {}),
        null,
      )

    it('keeps one judgement of each person, until it says nothing or its prediction is removed', async () => {
      await keep(1)
      await store.judge(judgementOf(1, 'ada'))
      await store.judge(judgementOf(1, 'ada', { verdict: 'bad', note: 'Too dark.' }))
      await store.judge(judgementOf(1, 'ben', { at: start + 1 }))
      expect(await store.judgementsOf(idOf(1))).toEqual([
        judgementOf(1, 'ben', { at: start + 1 }),
        judgementOf(1, 'ada', { verdict: 'bad', note: 'Too dark.' }),
      ])
      await store.judge(judgementOf(1, 'ben', { verdict: null }))
      expect(await store.judgementsOf(idOf(1))).toHaveLength(1)
      await store.remove(idOf(1), start)
      expect(await store.judgementsOf(idOf(1))).toEqual([])
    })

    it('keeps the note of a verdict that has none, and tells the judgements of one person', async () => {
      await keep(1)
      await keep(2)
      await store.judge(judgementOf(1, 'ada', { note: 'Too dark.' }))
      await store.judge({ ...judgementOf(1, 'ada', { verdict: null }), note: null })
      await store.judge({ ...judgementOf(2, 'ada', { verdict: 'bad' }), note: null })
      await store.judge(judgementOf(2, 'ben'))
      const ids = [idOf(1), idOf(2), idOf(3)]
      const own = await store.judgementsBy('ada', ids)
      expect([...own.values()]).toEqual([
        judgementOf(1, 'ada', { verdict: null, note: 'Too dark.' }),
        judgementOf(2, 'ada', { verdict: 'bad' }),
      ])
      expect(await store.judgementsBy('', ids)).toEqual(new Map())
      expect(await store.judgementsBy('ada', [])).toEqual(new Map())
    })

    it('keeps one choice of each person between two', async () => {
      await store.choose(choiceOf([1, 2]))
      await store.choose(choiceOf([1, 2], { better: 'same' }))
      await store.choose(choiceOf([1, 3], { judge: 'ben' }))
      await store.choose(choiceOf([1, 2], { group: idOf(501) }))
      const found = await store.choicesIn(idOf(500))
      expect(found).toHaveLength(2)
      expect(found).toContainEqual(choiceOf([1, 2], { better: 'same' }))
    })

    it('counts verdicts and choices by model', async () => {
      await keep(1)
      await keep(2, mend)
      await store.judge(judgementOf(1, 'ada'))
      await store.judge(judgementOf(2, 'ada', { verdict: 'bad' }))
      await store.judge(judgementOf(2, 'ben', { verdict: null, note: 'Hm.' }))
      await store.choose(choiceOf([1, 2]))
      await store.choose(choiceOf([1, 3], { better: 'second' }))
      await store.choose(choiceOf([1, 4]))
      await store.choose(choiceOf([1, 5], { better: 'same' }))
      expect(await store.modelScores()).toEqual([
        { model: 'kestrel/lantern', good: 1, bad: 0, won: 2, lost: 1 },
        { model: 'kestrel/mend', good: 0, bad: 1, won: 1, lost: 2 },
      ])
    })

    it('counts what replaces, takes back and removes', async () => {
      if (!lantern || !mend) throw new Error('no models')
      await keep(1)
      await keep(2)
      expect(await store.modelScore(lantern)).toBeNull()
      await Promise.all([
        store.judge(judgementOf(1, 'ada', { verdict: 'bad' })),
        store.judge(judgementOf(1, 'ada', { verdict: 'bad' })),
        store.judge(judgementOf(1, 'ben')),
        store.judge(judgementOf(2, 'ada')),
        store.choose(choiceOf([1, 2])),
        store.choose(choiceOf([1, 2])),
      ])
      await store.choose(choiceOf([1, 2], { better: 'second' }))
      const counted = { model: 'kestrel/lantern', won: 0, lost: 1 }
      expect(await store.modelScore(lantern)).toEqual({ ...counted, good: 2, bad: 1 })
      await store.judge(judgementOf(1, 'ada', { verdict: null, note: 'Hm.' }))
      await store.remove(idOf(2), start)
      expect(await store.modelScore(lantern)).toEqual({ ...counted, good: 1, bad: 0 })
      await store.choose(choiceOf([1, 2], { better: 'same' }))
      expect(await store.modelScore(mend)).toBeNull()
      await store.remove(idOf(1), start)
      expect(await store.modelScores()).toEqual([])
    })

    it('keeps nothing of a prediction that is removed already', async () => {
      await store.judge(judgementOf(7, 'ada'))
      expect(await store.judgementsOf(idOf(7))).toEqual([])
      expect(await store.modelScores()).toEqual([])
    })

    it('lists all, in parts', async () => {
      for (const number of [1, 2]) {
        await keep(number)
        for (const judge of ['ada', 'ben']) await store.judge(judgementOf(number, judge))
        await store.choose(choiceOf([number, 9]))
      }
      const [first, second, third] = await store.judgementsAfter(null, 3)
      expect([first, second, third].map((one) => one?.judge)).toEqual(['ada', 'ben', 'ada'])
      expect(await store.judgementsAfter(third ?? null, 3)).toMatchObject([
        { judge: 'ben', prediction: idOf(2), model: lantern },
      ])
      const [choice] = await store.choicesAfter(null, 1)
      expect(await store.choicesAfter(choice ?? null, 5)).toEqual([choiceOf([2, 9])])
    })
  })
}
