import { describe, expect, it } from 'vitest'
import { placements } from '../../src/engine/placement/placement.ts'
import type { Gpu, Running, Situation, Wish } from '../../src/engine/placement/situation.ts'

const now = 1_000_000_000

function wish(key: string, more: Partial<Wish> = {}): Wish {
  return {
    key,
    replacedBy: null,
    engines: ['local'],
    gpus: 0,
    gpuBytes: null,
    min: 0,
    max: 1,
    slots: 1,
    waiting: 0,
    waitsSince: null,
    runMs: null,
    bootMs: null,
    idleMs: 300_000,
    notBefore: 0,
    ...more,
  }
}

/** Somebody waits for it since so many seconds. */
function waited(key: string, seconds: number, more: Partial<Wish> = {}): Wish {
  return wish(key, { waiting: 1, waitsSince: now - seconds * 1_000, ...more })
}

function ready(id: string, key: string, more: Partial<Running> = {}): Running {
  const since = now - 120_000
  return {
    id,
    key,
    engine: 'local',
    gpus: [],
    gpuBytes: null,
    state: 'ready',
    isOutdated: false,
    isFound: false,
    runs: 0,
    readySince: since,
    idleSince: since,
    ...more,
  }
}

/** `0`, or with its memory in GB: `0:46`. */
function sized(text: string): Gpu {
  const [id = '', gigabytes] = text.split(':')
  return { id, bytes: gigabytes === undefined ? null : Number(gigabytes) * 1e9 }
}

function place(
  wishes: readonly Wish[],
  running: readonly Running[] = [],
  gpus: readonly string[] = [],
) {
  const engines = [{ name: 'local', gpus: gpus.map(sized), isOpen: true, mostBooting: 4 }]
  const situation: Situation = { now, engines, wishes, running }
  const { starts, leaves, holdUps } = placements(situation)
  return {
    starts: starts.map(({ key, gpus: own }) => [key, ...own]),
    leaves,
    holdUps: Object.fromEntries(holdUps),
  }
}

const nothing = { starts: [], leaves: [], holdUps: {} }

describe('what is started', () => {
  it('is one container for the first who waits', () => {
    expect(place([waited('a', 1)])).toEqual({ ...nothing, starts: [['a']] })
  })

  it('is nothing while nobody waits', () => {
    expect(place([wish('a', { max: 5 })])).toEqual(nothing)
  })

  it('is as many as are to be kept ready', () => {
    expect(place([wish('a', { min: 2, max: 3 })]).starts).toEqual([['a'], ['a']])
  })

  it('is no second one while the first boots for all who wait', () => {
    const boots = ready('1', 'a', { state: 'booting', readySince: null, idleSince: null })
    expect(place([waited('a', 1, { max: 3 })], [boots])).toEqual(nothing)
  })

  it.each([
    { waiting: 1, runMs: 1_000, starts: 0 },
    { waiting: 1, runMs: 60_000, starts: 1 },
    { waiting: 100, runMs: 1_000, starts: 1 },
  ])(
    'is another one when the line lasts longer than its boot: %o',
    ({ waiting, runMs, starts }) => {
      const busy = ready('1', 'a', { runs: 1, idleSince: null })
      const wanted = waited('a', 1, { max: 3, waiting, runMs, bootMs: 20_000 })
      expect(place([wanted], [busy]).starts).toHaveLength(starts)
    },
  )

  it('is no more than may run', () => {
    const busy = ready('1', 'a', { runs: 1, idleSince: null })
    expect(place([waited('a', 1, { waiting: 1_000, runMs: 60_000 })], [busy])).toEqual(nothing)
  })

  it('boots no more at once than its engine takes', () => {
    const wishes = Array.from({ length: 9 }, (_, at) => waited(`${at}`, 10 - at))
    expect(place(wishes).starts).toEqual([['0'], ['1'], ['2'], ['3']])
  })

  it('waits after failures, and says until when', () => {
    const placed = place([waited('a', 1, { notBefore: now + 5_000 })])
    expect(placed).toEqual({
      ...nothing,
      holdUps: { a: { kind: 'backing off', until: now + 5_000 } },
    })
  })

  it('says when its engine is no longer there', () => {
    expect(place([waited('a', 1, { engines: ['gone'] })]).holdUps).toEqual({
      a: { kind: 'no engine' },
    })
  })
})

describe('a GPU', () => {
  const [one, two] = ['0', '1'] as const

  it('goes to whoever waits longest', () => {
    const wishes = [waited('late', 1, { gpus: 1 }), waited('early', 9, { gpus: 1 })]
    const other = ready('x', 'late', { gpus: [two], state: 'booting', readySince: null })
    expect(place(wishes, [other], [one, two]).starts).toEqual([['early', one]])
  })

  it('is freed by the least recently used container that has nothing to do', () => {
    const running = [
      ready('new', 'b', { gpus: [one], idleSince: now - 40_000 }),
      ready('old', 'c', { gpus: [two], idleSince: now - 50_000 }),
    ]
    const wishes = [waited('a', 1, { gpus: 1 }), wish('b'), wish('c')]
    expect(place(wishes, running, [one, two])).toEqual({ ...nothing, leaves: ['old'] })
  })

  it('is not given before the one that leaves is gone', () => {
    const leaving = ready('x', 'b', { gpus: [one], state: 'leaving' })
    expect(place([waited('a', 1, { gpus: 1 })], [leaving], [one])).toEqual(nothing)
  })

  it.each([
    ['became ready a moment ago', { readySince: now - 5_000 }, {}],
    ['took longer to boot than it has been there', {}, { bootMs: 200_000 }],
    ['is kept ready', {}, { min: 1 }],
    ['is at work', { runs: 1, idleSince: null }, {}],
  ])('stays with a container that %s', (_, running, wanted) => {
    const holder = ready('x', 'b', { gpus: [one], ...running })
    const wishes = [waited('a', 1, { gpus: 1 }), wish('b', wanted)]
    expect(place(wishes, [holder], [one])).toEqual({
      ...nothing,
      holdUps: { a: { kind: 'busy', by: ['b'] } },
    })
  })

  it('leaves even a container that is always at work, once others have waited for long', () => {
    const holder = ready('x', 'b', { gpus: [one], runs: 1, idleSince: null })
    const wishes = [waited('a', 300, { gpus: 1 }), waited('b', 1, { gpus: 1 })]
    expect(place(wishes, [holder], [one]).leaves).toEqual(['x'])
  })

  it('is never there for a model that wants more than there are', () => {
    expect(place([waited('a', 1, { gpus: 2 })], [], [one]).holdUps).toEqual({
      a: { kind: 'never' },
    })
  })

  it('is taken from two at once only where that makes room', () => {
    const running = [
      ready('x', 'b', { gpus: [one] }),
      ready('y', 'c', { gpus: [two], runs: 1, idleSince: null }),
    ]
    const wishes = [waited('a', 1, { gpus: 2 }), wish('b'), wish('c')]
    expect(place(wishes, running, [one, two]).leaves).toEqual([])
    const idle = [ready('x', 'b', { gpus: [one] }), ready('y', 'c', { gpus: [two] })]
    expect(place(wishes, idle, [one, two]).leaves).toEqual(['x', 'y'])
  })
})

describe('a container without runs', () => {
  it.each([
    ['stays for a while', { idleSince: now - 299_000 }, {}, []],
    ['goes then', { idleSince: now - 300_000 }, {}, ['x']],
    ['stays when it is kept ready', { idleSince: now - 900_000 }, { min: 1 }, []],
    ['goes at once when nobody wants it', {}, null, ['x']],
    ['goes at once when there are too many', {}, { max: 0 }, ['x']],
  ] as const)('%s', (_, running, wanted, leaves) => {
    const wishes = wanted === null ? [] : [wish('a', wanted)]
    expect(place(wishes, [ready('x', 'a', running)]).leaves).toEqual(leaves)
  })

  it('leaves as many as are to be kept ready', () => {
    const running = ['x', 'y', 'z'].map((id, at) =>
      ready(id, 'a', { idleSince: now - 900_000 - at * 1_000 }),
    )
    expect(place([wish('a', { min: 1, max: 3 })], running).leaves).toEqual(['z', 'y'])
  })
})

describe('a GPU with known memory', () => {
  const share = (gigabytes: number) => ({ gpuBytes: gigabytes * 1e9 })
  const part = (id: string, key: string, gigabytes: number, more: Partial<Running> = {}) =>
    ready(id, key, { gpus: ['0'], ...share(gigabytes), ...more })

  it('is shared by those whose memory fits', () => {
    const running = [part('x', 'b', 30)]
    const wishes = [waited('a', 1, share(16)), wish('b')]
    expect(place(wishes, running, ['0:46']).starts).toEqual([['a', '0']])
    expect(place([waited('a', 1, share(17)), wish('b')], running, ['0:46'])).toEqual({
      ...nothing,
      leaves: ['x'],
    })
  })

  it('is the fullest that has room', () => {
    const wishes = [waited('a', 1, share(10)), wish('b')]
    expect(place(wishes, [part('x', 'b', 30)], ['1:46', '0:46']).starts).toEqual([['a', '0']])
  })

  it('is not shared with one that has it alone', () => {
    const alone = ready('x', 'b', { gpus: ['0'], readySince: now - 1_000 })
    const wishes = [waited('a', 1, share(1)), wish('b')]
    expect(place(wishes, [alone], ['0:46']).holdUps).toEqual({ a: { kind: 'busy', by: ['b'] } })
    const shared = [part('x', 'b', 1, { readySince: now - 1_000 })]
    expect(place([waited('a', 1, { gpus: 1 }), wish('b')], shared, ['0:46']).starts).toEqual([])
  })

  it('loses no more containers than need be', () => {
    const running = [
      part('small', 'b', 1, { idleSince: now - 90_000 }),
      part('large', 'c', 40, { idleSince: now - 80_000 }),
    ]
    const wishes = [waited('a', 1, share(30)), wish('b'), wish('c')]
    expect(place(wishes, running, ['0:46']).leaves).toEqual(['large'])
  })

  it('is never there for one that wants more', () => {
    expect(place([waited('a', 1, share(47))], [], ['0:46', '1']).holdUps).toEqual({
      a: { kind: 'never' },
    })
  })
})

describe('several engines', () => {
  const engines = [
    { name: 'one', gpus: [sized('0')], isOpen: true, mostBooting: 4 },
    { name: 'two', gpus: [sized('0')], isOpen: true, mostBooting: 4 },
  ]
  const both = { engines: ['one', 'two'] }

  it('take what has room, first where the fewest run', () => {
    const running = [ready('x', 'b', { engine: 'one', gpus: ['0'] })]
    const wishes = [waited('a', 1, { ...both, gpus: 1 }), waited('c', 1, both), wish('b', both)]
    const { starts } = placements({ now, engines, wishes, running })
    expect(starts.map(({ key, engine }) => [key, engine])).toEqual([
      ['a', 'two'],
      ['c', 'one'],
    ])
  })

  it('are left out while they are away', () => {
    const [one, two] = engines
    if (!one || !two) throw new Error('two engines')
    const wishes = [waited('a', 1, both), waited('b', 1, { engines: ['one'] })]
    const away = [{ ...one, isOpen: false }, two]
    const { starts, holdUps } = placements({ now, engines: away, wishes, running: [] })
    expect(starts.map(({ key, engine }) => [key, engine])).toEqual([['a', 'two']])
    expect(holdUps.size).toBe(0)
  })

  it('run what may run on one alone there', () => {
    const running = [ready('x', 'b', { engine: 'one', gpus: ['0'] })]
    const wishes = [waited('a', 1, { engines: ['one'], gpus: 1 }), wish('b', both)]
    const { starts, leaves } = placements({ now, engines, wishes, running })
    expect([starts, leaves]).toEqual([[], ['x']])
  })
})

describe('a container of an earlier version', () => {
  const earlier = wish('a@1', { replacedBy: 'a@2', idleMs: 10_000 })
  const later = wish('a@2', { min: 1 })

  it('stays until the next one has as many ready as are to be', () => {
    const old = ready('old', 'a@1')
    expect(place([earlier, later], [old])).toMatchObject({ leaves: [], starts: [['a@2']] })
    const boots = ready('new', 'a@2', { state: 'booting', readySince: null, idleSince: null })
    expect(place([earlier, later], [old, boots]).leaves).toEqual([])
    expect(place([earlier, later], [old, ready('new', 'a@2')]).leaves).toEqual(['old'])
  })

  it('goes when none is to be kept ready, and for the GPU that the next one needs', () => {
    const old = ready('old', 'a@1', { gpus: ['0'] })
    expect(place([earlier, { ...later, min: 0 }], [old], ['0']).leaves).toEqual(['old'])
    const [a, b] = [earlier, later].map((one) => ({ ...one, gpus: 1 })) as [Wish, Wish]
    expect(place([a, b], [old], ['0']).leaves).toEqual(['old'])
  })
})

describe('a container whose settings have changed', () => {
  const old = (id: string, more: Partial<Running> = {}) =>
    ready(id, 'a', { isOutdated: true, ...more })

  it('goes when none is kept ready', () => {
    expect(place([wish('a')], [old('x', { runs: 1, idleSince: null })]).leaves).toEqual(['x'])
  })

  it('stays until as many are ready as are to be', () => {
    const wanted = wish('a', { min: 1, max: 1 })
    expect(place([wanted], [old('x')])).toEqual({ ...nothing, starts: [['a']] })
    const boots = ready('y', 'a', { state: 'booting', readySince: null, idleSince: null })
    expect(place([wanted], [old('x'), boots])).toEqual(nothing)
    expect(place([wanted], [old('x'), ready('y', 'a')]).leaves).toEqual(['x'])
  })

  it('gives up the GPU that the next one needs, though it is at work', () => {
    const busy = old('x', { gpus: ['0'], runs: 1, idleSince: null })
    expect(place([wish('a', { min: 1, gpus: 1 })], [busy], ['0']).leaves).toEqual(['x'])
  })
})
