/** Something that containers are run for: one version of a model, by itself or for a deployment. */
export interface Wish {
  readonly key: string
  /** The engine that its containers run on. */
  readonly engine: string
  /** How many GPUs a container takes. */
  readonly gpus: number
  /** How many containers are kept ready. */
  readonly min: number
  /** No more run at once. */
  readonly max: number
  /** How many runs a container takes at once. */
  readonly slots: number
  /** Runs that wait for a container. */
  readonly waiting: number
  /** Since when the first of them waits, in milliseconds since 1970; null for none. */
  readonly waitsSince: number | null
  /** The usual time of a run and of a boot, in milliseconds; null while that is not known. */
  readonly runMs: number | null
  readonly bootMs: number | null
  /** A container without runs is stopped after this time, in milliseconds. */
  readonly idleMs: number
  /** After containers that failed, the next is not started before, in milliseconds since 1970. */
  readonly notBefore: number
}

/** A container that runs for a wish, or is about to. */
export interface Running {
  readonly id: string
  /** Of its wish. */
  readonly key: string
  readonly engine: string
  /** The GPUs that it was given. */
  readonly gpus: readonly string[]
  /** `leaving`: it takes no more runs, and is stopped once it has none. */
  readonly state: 'booting' | 'ready' | 'leaving'
  /** Runs that it works on. */
  readonly runs: number
  /** Since when it is ready, in milliseconds since 1970, as is the next. */
  readonly readySince: number | null
  /** Since when it has no runs; null while it has some. */
  readonly idleSince: number | null
}

export interface EngineRoom {
  readonly name: string
  /** The ids of its GPUs. */
  readonly gpus: readonly string[]
  /** How many containers boot on it at once: the engine is quick, and what boots competes for its CPUs. */
  readonly mostBooting: number
}

export interface Situation {
  /** In milliseconds since 1970. */
  readonly now: number
  readonly engines: readonly EngineRoom[]
  readonly wishes: readonly Wish[]
  readonly running: readonly Running[]
}

export interface Start {
  readonly key: string
  readonly engine: string
  readonly gpus: readonly string[]
}

/** What is to be done now. */
export interface Placements {
  readonly starts: readonly Start[]
  /** The containers that are to take no more runs, and to stop once they have none. */
  readonly leaves: readonly string[]
  /** Why the runs of a wish wait although nothing boots for it, by its key: a part of a sentence. */
  readonly holdUps: ReadonlyMap<string, HoldUp>
}

/** `busy`: other containers have the GPUs, those of the wishes `by`. `never`: the engine has not as many. */
export type HoldUp =
  | { readonly kind: 'backing off'; readonly until: number }
  | { readonly kind: 'busy'; readonly by: readonly string[] }
  | { readonly kind: 'never'; readonly gpus: number }
  | { readonly kind: 'no engine' }

/** A container that just became ready keeps its GPU for as long, or as long as its boot took, in milliseconds. */
const leastStayMs = 30_000
/** A busy one gives its GPU up once others have waited for so long, or for three boots of theirs. */
const mostWaitMs = 60_000
const bootsOfWait = 3
/** The time of a boot, or of a run, that is not known yet. */
const unknownBootMs = 30_000
const unknownRunMs = 10_000

/**
 * Decides which containers to start and which to let go. Minimums first, then whoever waits longest; GPUs that are
 * taken are made free by the least recently used container that has nothing to do.
 */
export function placements({ now, engines, wishes, running }: Situation): Placements {
  const rooms = new Map(engines.map((engine) => [engine.name, createRoom(engine, running)]))
  const starts: Start[] = []
  const leaves = new Set<string>()
  const holdUps = new Map<string, HoldUp>()
  const byKey = new Map(wishes.map((wish) => [wish.key, wish]))

  for (const wish of wishes.toSorted(byUrgency(staying))) {
    const room = rooms.get(wish.engine)
    const wanted = wantedNow(wish, running)
    if (wanted === 0) continue
    const holdUp = room ? place(wish, wanted, room) : ({ kind: 'no engine' } as const)
    if (holdUp && wish.waiting > 0) holdUps.set(wish.key, holdUp)
  }
  for (const one of running.toSorted(longestIdle)) if (isSpare(one)) leaves.add(one.id)
  return { starts, leaves: [...leaves], holdUps }

  /** How many containers of a wish stay. */
  function staying(key: string): number {
    return running.filter((one) => one.key === key && isStaying(one)).length
  }

  function isStaying({ id, state }: Running): boolean {
    return state !== 'leaving' && !leaves.has(id)
  }

  /** Whether nobody wants a container any more, or it has had nothing to do for long enough. */
  function isSpare(one: Running): boolean {
    const wish = byKey.get(one.key)
    if (!isStaying(one)) return false
    if (!wish) return true
    if (one.state !== 'ready' || one.runs > 0 || one.idleSince === null) return false
    if (staying(one.key) > wish.max) return true
    const isOver = now - one.idleSince >= wish.idleMs && wish.waiting === 0
    return isOver && staying(one.key) > wish.min
  }

  /** Whether a container may be let go for others: not below a minimum, and not right after its boot. */
  function mayLeave(one: Running): boolean {
    const wish = byKey.get(one.key)
    if (!wish) return true
    const stays = Math.max(leastStayMs, wish.bootMs ?? 0)
    const hasStayed = one.readySince !== null && now - one.readySince >= stays
    return hasStayed && staying(one.key) > wish.min
  }

  /** Starts what fits; says what holds the rest up. */
  function place(wish: Wish, wanted: number, room: Room): HoldUp | null {
    if (wish.notBefore > now) return { kind: 'backing off', until: wish.notBefore }
    if (wish.gpus > room.all) return { kind: 'never', gpus: room.all }
    for (let left = wanted; left > 0; left--) {
      if (room.booting >= room.mostBooting) return null
      const gpus = room.take(wish.gpus)
      if (gpus) {
        starts.push({ key: wish.key, engine: wish.engine, gpus })
        room.booting++
        continue
      }
      const freed = whoMayLeave(wish, room)
      // It starts once they are gone: the memory of a GPU is free only then.
      const isFreeing = freed.length > 0 || room.isFreeing(wish.gpus)
      return isFreeing ? null : { kind: 'busy', by: room.holders() }
    }
    return null
  }

  /** The containers to let go, so that a wish finds room; none when there is no way. */
  function whoMayLeave(wish: Wish, room: Room): readonly Running[] {
    const others = running.filter(
      (one) => one.engine === wish.engine && one.gpus.length > 0 && one.key !== wish.key,
    )
    const ready = others.filter((one) => one.state === 'ready' && isStaying(one))
    const idle = ready.filter(({ runs }) => runs === 0).sort(longestIdle)
    const waited = wish.waitsSince === null ? 0 : now - wish.waitsSince
    const patience = Math.max(mostWaitMs, bootsOfWait * (wish.bootMs ?? unknownBootMs))
    const busy = waited > patience ? ready.filter(({ runs }) => runs > 0).sort(longestReady) : []
    const missing = wish.gpus - room.free() - room.freeing()
    const chosen: Running[] = []
    let found = 0
    for (const one of [...idle, ...busy]) {
      if (found >= missing) break
      if (!mayLeave(one)) continue
      // Counted at once, so that the next one of its wish stays for the minimum.
      leaves.add(one.id)
      chosen.push(one)
      found += one.gpus.length
    }
    if (found >= missing) return chosen
    for (const { id } of chosen) leaves.delete(id)
    return []
  }
}

/** How many more containers a wish is to have now. */
function wantedNow(wish: Wish, running: readonly Running[]): number {
  const own = running.filter(({ key, state }) => key === wish.key && state !== 'leaving')
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

type Room = ReturnType<typeof createRoom>

/** The GPUs of an engine, and what boots on it. */
function createRoom({ name, gpus, mostBooting }: EngineRoom, running: readonly Running[]) {
  const here = running.filter(({ engine }) => engine === name)
  const taken = new Set(here.flatMap((one) => one.gpus))
  const free = gpus.filter((gpu) => !taken.has(gpu))
  const leaving = here.filter(({ state }) => state === 'leaving').flatMap((one) => one.gpus)

  return {
    all: gpus.length,
    mostBooting,
    booting: here.filter(({ state }) => state === 'booting').length,
    free: () => free.length,
    /** How many will be free once those that leave are gone. */
    freeing: () => leaving.length,
    isFreeing: (wanted: number) => free.length + leaving.length >= wanted,
    /** Takes so many; null when there are not enough. */
    take: (count: number) => (count > free.length ? null : free.splice(0, count)),
    /** The keys of the wishes whose containers have GPUs. */
    holders: () => [...new Set(here.filter((one) => one.gpus.length > 0).map(({ key }) => key))],
  }
}
