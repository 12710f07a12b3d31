import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTurns } from '../../../src/domain/prediction/turns.ts'

const charge = 10_000

/** Adds one for each account named, called `ann 0`, `bob 1` by its place in the list. */
function turnsOf(accounts: readonly string[]) {
  const turns = createTurns()
  accounts.forEach((account, index) => {
    turns.add({ id: `${account} ${index}`, account })
  })
  return turns
}

const named = (id: string) => ({ id, account: id.split(' ')[0] ?? '' })

function takeAll(turns: ReturnType<typeof createTurns>): string[] {
  const taken: string[] = []
  for (let next = turns.take(charge); next; next = turns.take(charge)) taken.push(next.id)
  return taken
}

const accounts = fc.array(fc.constantFrom<string>('ann', 'bob', 'cid', 'dan', 'eve'), {
  maxLength: 60,
})

describe('turns among accounts', () => {
  it('are first in, first out for one account', () => {
    fc.assert(
      fc.property(fc.nat(300), (count) => {
        const turns = turnsOf(Array.from({ length: count }, () => 'ann'))
        expect(takeAll(turns)).toEqual(Array.from({ length: count }, (_, at) => `ann ${at}`))
      }),
    )
  })

  it('serve each once, and those of one account in order', () => {
    fc.assert(
      fc.property(accounts, (added) => {
        const taken = takeAll(turnsOf(added))
        expect(taken.length).toBe(added.length)
        for (const account of new Set(added)) {
          const own = taken.filter((id) => id.startsWith(account))
          const before = added.flatMap((one, at) => (one === account ? [`${one} ${at}`] : []))
          expect(own).toEqual(before)
        }
      }),
    )
  })

  it('give accounts that wait as much as one another, to one run', () => {
    fc.assert(
      fc.property(accounts, (added) => {
        const taken = takeAll(turnsOf(added)).map((id) => id.split(' ')[0] ?? '')
        const left = new Map(
          [...Map.groupBy(added, (one) => one)].map(([one, all]) => [one, all.length]),
        )
        const served = new Map<string, number>()
        for (const account of taken) {
          left.set(account, (left.get(account) ?? 0) - 1)
          served.set(account, (served.get(account) ?? 0) + 1)
          const waiting = [...left].filter(([, count]) => count > 0)
          const counts = waiting.map(([one]) => served.get(one) ?? 0)
          expect(Math.max(0, ...counts) - Math.min(...counts, Number.MAX_VALUE)).toBeLessThan(2)
        }
      }),
    )
  })

  it('let one who comes late wait for one run of a long line', () => {
    const turns = turnsOf(Array.from({ length: 200 }, () => 'ann'))
    for (let run = 0; run < 50; run++) turns.take(charge)
    turns.add({ id: 'tried', account: 'bob' })
    expect([turns.take(charge)?.id, turns.take(charge)?.id]).toContain('tried')
  })

  it('save nothing up for who was away', () => {
    const turns = turnsOf(Array.from({ length: 100 }, () => 'ann'))
    for (let run = 0; run < 50; run++) turns.take(charge)
    for (let run = 0; run < 20; run++) turns.add({ id: `late ${run}`, account: 'bob' })
    const next = Array.from({ length: 20 }, () => turns.take(charge)?.account)
    expect(next.filter((account) => account === 'bob').length).toBeLessThanOrEqual(11)
  })

  it('save nothing up for who was held up', () => {
    const turns = turnsOf([...Array.from({ length: 100 }, () => 'ann'), 'bob', 'bob', 'bob', 'bob'])
    for (let run = 0; run < 50; run++) turns.take(charge, ({ account }) => account === 'ann')
    const next = Array.from({ length: 6 }, () => turns.take(charge)?.account)
    expect(next.filter((account) => account === 'ann').length).toBeGreaterThanOrEqual(2)
  })

  it('count the time that runs took, when it is known', () => {
    const turns = turnsOf(['ann', 'bob', 'ann', 'bob', 'bob', 'bob'])
    expect(turns.take(charge)?.account).toBe('ann')
    turns.correct('ann', 2 * charge)
    const next = Array.from({ length: 4 }, () => turns.take(charge)?.account)
    expect(next).toEqual(['bob', 'bob', 'bob', 'ann'])
  })

  it('tell the place at which each is served', () => {
    fc.assert(
      fc.property(accounts, fc.nat(20), accounts, (first, served, then) => {
        const turns = turnsOf(first)
        for (let run = 0; run < served; run++) turns.take(charge)
        then.forEach((account, at) => {
          const place = turns.placeOfNext(account, charge)
          turns.add({ id: `${account} late ${at}`, account })
          expect(turns.place({ id: `${account} late ${at}`, account }, charge)).toEqual(place)
        })
        const places = new Map(turns.all().map((one) => [one.id, turns.place(one, charge)]))
        takeAll(turns).forEach((id, at) => {
          expect(places.get(id)?.before).toBe(at)
        })
      }),
    )
  })

  it('say how many of the same account are before and behind', () => {
    const turns = turnsOf(['ann', 'ann', 'bob', 'ann', 'ann'])
    expect(turns.place(named('ann 3'), charge)).toEqual({ before: 3, own: 2, behind: 1 })
    expect(turns.place(named('bob 2'), charge)).toEqual({ before: 1, own: 0, behind: 0 })
    expect(turns.place(named('cid 0'), charge)).toBeNull()
  })

  it('go on without those that are taken out', () => {
    fc.assert(
      fc.property(accounts, fc.array(fc.nat(59)), (added, out) => {
        const turns = turnsOf(added)
        const gone = new Set(out.flatMap((at) => (at < added.length ? [`${added[at]} ${at}`] : [])))
        for (const id of gone) expect(turns.remove(named(id))?.id).toBe(id)
        for (const id of gone) expect(turns.remove(named(id))).toBeNull()
        const taken = takeAll(turns)
        expect(taken.filter((id) => gone.has(id))).toEqual([])
        expect(taken.length + gone.size).toBe(added.length)
        expect(turns.size()).toBe(0)
      }),
    )
  })

  it('pass over those that may not run yet, and keep their order', () => {
    const turns = turnsOf(['ann', 'ann', 'bob'])
    expect(turns.take(charge, ({ id }) => id !== 'ann 0')?.id).toBe('ann 1')
    expect(turns.take(charge, ({ account }) => account === 'ann')?.id).toBe('ann 0')
    expect(turns.take(charge, () => false)).toBeNull()
    expect(turns.take(charge)?.id).toBe('bob 2')
  })
})

it('takes little time for many in and out', () => {
  const run = () => {
    const turns = createTurns()
    const started = performance.now()
    for (let at = 0; at < 100_000; at++) turns.add({ id: `${at}`, account: `account ${at % 1000}` })
    for (let at = 0; at < 100_000; at++) turns.take(charge + (at % 7))
    return performance.now() - started
  }
  const times = [run(), run(), run(), run(), run()]
  expect(Math.min(...times)).toBeLessThan(1_000)
})
