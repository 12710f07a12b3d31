import { createRoom, type Room } from './room.ts'
import type { HoldUp, Placements, Running, Situation, Start, Wish } from './situation.ts'

/** A container that just became ready keeps its GPU for as long, or as long as its boot took, in milliseconds. */
const leastStayMs = 30_000
/** A busy one gives its GPU up once others have waited for so long, or for three boots of theirs. */
const mostWaitMs = 60_000
const bootsOfWait = 3
/** The time of a boot, or of a run, that is not known yet. */
const unknownBootMs = 30_000
const unknownRunMs = 10_000

const nobody: ReadonlySet<string> = new Set()

/**
 * Decides which containers to start and which to let go. Minimums first, then whoever waits longest; GPUs that are
 * taken are made free by the least recently used container that has nothing to do. Where settings have changed,
 * containers as they are wanted now start first, and then the others go.
 */
export function placements({ now, engines, wishes, running }: Situation): Placements {
  const rooms = new Map(engines.map((engine) => [engine.name, createRoom(engine, running)]))
  const starts: Start[] = []
  const leaves = new Set<string>()
  const holdUps = new Map<string, HoldUp>()
  const byKey = new Map(wishes.map((wish) => [wish.key, wish]))

  for (const wish of wishes.toSorted(byUrgency(staying))) {
    const wanted = wantedNow(wish, running)
    if (wanted === 0) continue
    const holdUp = place(wish, wanted)
    if (holdUp && wish.waiting > 0) holdUps.set(wish.key, holdUp)
  }
  for (const one of running.toSorted(longestIdle)) if (isSpare(one)) leaves.add(one.id)
  return { starts, leaves: [...leaves], holdUps }

  /** How many containers of a wish stay, as it is now. */
  function staying(key: string): number {
    return running.filter((one) => one.key === key && !one.isOutdated && isStaying(one)).length
  }

  function isStaying({ id, state }: Running): boolean {
    return state !== 'leaving' && !leaves.has(id)
  }

  /** Whether nobody wants a container any more, or it has had nothing to do for long enough. */
  function isSpare(one: Running): boolean {
    const wish = byKey.get(one.key)
    if (!isStaying(one) || one.isFound) return false
    if (!wish) return true
    const next = wish.replacedBy === null ? undefined : byKey.get(wish.replacedBy)
    if (next && !isReplaced(next)) return false
    if (one.isOutdated) return isReplaced(wish)
    if (one.state !== 'ready' || one.runs > 0 || one.idleSince === null) return false
    if (staying(one.key) > wish.max) return true
    const isOver = now - one.idleSince >= wish.idleMs && wish.waiting === 0
    return isOver && staying(one.key) > wish.min
  }

  /** Whether as many as are to be kept ready of a wish are, with the settings of now. */
  function isReplaced({ key, min }: Wish): boolean {
    const own = running.filter((one) => one.key === key && !one.isOutdated && isStaying(one))
    return own.filter(({ state }) => state === 'ready').length >= min
  }

  /** Whether a container may be let go for others: not below a minimum, and not right after its boot. */
  function mayLeave(one: Running): boolean {
    const wish = byKey.get(one.key)
    if (one.isFound) return false
    if (!wish || one.isOutdated) return true
    const stays = Math.max(leastStayMs, wish.bootMs ?? 0)
    const hasStayed = one.readySince !== null && now - one.readySince >= stays
    return hasStayed && staying(one.key) > wish.min
  }

  /** Starts what fits; says what holds the rest up. */
  function place(wish: Wish, wanted: number): HoldUp | null {
    if (wish.notBefore > now) return { kind: 'backing off', until: wish.notBefore }
    const own = wish.engines.flatMap((name) => rooms.get(name) ?? [])
    if (own.length === 0) return { kind: 'no engine' }
    const able = own.filter((room) => room.canHold(wish))
    if (able.length === 0) return { kind: 'never' }
    for (let left = wanted; left > 0; left--) {
      const open = able.filter((room) => room.isOpen())
      if (open.length === 0) return null
      if (start(wish, open)) continue
      // It starts once they are gone: the memory of a GPU is free only then.
      if (open.some((room) => isFreeing(wish, room) || letGoFor(wish, room))) return null
      return { kind: 'busy', by: [...new Set(able.flatMap((room) => room.holders()))] }
    }
    return null
  }

  /** Starts one where there is room: of several such engines, where the fewest run. */
  function start(wish: Wish, open: readonly Room[]): boolean {
    const fitting = open.flatMap((room) => {
      const gpus = room.fit(wish, nobody)
      return gpus ? [{ room, gpus }] : []
    })
    const [best] = fitting.sort((a, b) => a.room.size() - b.room.size())
    if (!best) return false
    starts.push({ key: wish.key, engine: best.room.name, gpus: best.gpus })
    best.room.add(wish.key, best.gpus, wish)
    return true
  }

  /** Whether there is room once those that leave are gone. */
  function isFreeing(wish: Wish, room: Room): boolean {
    return room.fit(wish, new Set([...room.leaving(), ...leaves])) !== null
  }

  /** Lets containers go, so that a wish finds room; false, and none goes, when there is no way. */
  function letGoFor(wish: Wish, room: Room): boolean {
    const gone = new Set([...room.leaving(), ...leaves])
    const chosen: string[] = []
    for (const one of whoMayGo(wish, room)) {
      if (!mayLeave(one)) continue
      // Counted at once, so that the next one of its wish stays for the minimum.
      leaves.add(one.id)
      gone.add(one.id)
      chosen.push(one.id)
      if (room.fit(wish, gone)) return keepNeedless(wish, room, gone, chosen)
    }
    for (const id of chosen) leaves.delete(id)
    return false
  }

  /** Those without whose GPUs there is room, too, stay. */
  function keepNeedless(
    wish: Wish,
    room: Room,
    gone: Set<string>,
    chosen: readonly string[],
  ): true {
    for (const id of chosen) {
      gone.delete(id)
      if (room.fit(wish, gone)) leaves.delete(id)
      else gone.add(id)
    }
    return true
  }

  /** The containers with GPUs that may go for a wish, in the order in which they do. */
  function whoMayGo(wish: Wish, room: Room): readonly Running[] {
    const ready = running.filter(
      (one) =>
        one.engine === room.name &&
        one.gpus.length > 0 &&
        (one.key !== wish.key || one.isOutdated) &&
        one.state === 'ready' &&
        isStaying(one),
    )
    const idle = ready.filter(({ runs }) => runs === 0).sort(longestIdle)
    const waited = wish.waitsSince === null ? 0 : now - wish.waitsSince
    const patience = Math.max(mostWaitMs, bootsOfWait * (wish.bootMs ?? unknownBootMs))
    const busy = ready.filter(({ runs }) => runs > 0).sort(longestReady)
    const own = busy.filter(({ key }) => key === wish.key)
    return [
      ...idle,
      ...own,
      ...(waited > patience ? busy.filter(({ key }) => key !== wish.key) : []),
    ]
  }
}

/** How many more containers a wish is to have now. */
function wantedNow(wish: Wish, running: readonly Running[]): number {
  const own = running.filter(
    ({ key, state, isOutdated }) => key === wish.key && state !== 'leaving' && !isOutdated,
  )
  const booting = own.filter(({ state }) => state === 'booting').length
  const forMinimum = Math.max(0, wish.min - own.length)
  const room = Math.max(0, wish.max - own.length)
  const uncovered = wish.waiting - booting * wish.slots
  if (uncovered <= 0) return Math.min(forMinimum, room)
  if (own.length === 0) return Math.min(Math.max(1, forMinimum), room)
  // Another one is worth its boot when the line lasts longer than that.
  const lineMs = (uncovered * (wish.runMs ?? unknownRunMs)) / (own.length * wish.slots)
  const isWorth = lineMs > (wish.bootMs ?? unknownBootMs)
  return Math.min(Math.max(isWorth ? 1 : 0, forMinimum), room)
}

/** Those that lack their minimum first, then those that have waited longest. */
function byUrgency(staying: (key: string) => number) {
  const lacks = ({ key, min }: Wish) => (staying(key) < min ? 0 : 1)
  const since = ({ waitsSince }: Wish) => waitsSince ?? Number.POSITIVE_INFINITY
  return (a: Wish, b: Wish) => {
    const order = lacks(a) - lacks(b)
    if (order !== 0 || since(a) === since(b)) return order
    return since(a) - since(b)
  }
}

function longestIdle(a: Running, b: Running): number {
  return (a.idleSince ?? Number.POSITIVE_INFINITY) - (b.idleSince ?? Number.POSITIVE_INFINITY) || 0
}

function longestReady(a: Running, b: Running): number {
  return (a.readySince ?? 0) - (b.readySince ?? 0)
}
