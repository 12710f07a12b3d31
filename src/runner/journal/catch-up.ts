import type { Revision, Store } from '../../store/store.ts'

/** How often the revisions of what is watched are read, in milliseconds. */
const everyMs = 1_000

/** So many at a time. */
const mostIds = 500

/** The places of those that wait are looked at each so many times. */
const placesEvery = 5

export interface CatchUpOptions {
  readonly store: Pick<Store, 'revisionsOf'>
  /** The ids of the predictions that are watched here. */
  readonly watched: () => ReadonlySet<string>
  /** A prediction has changed, or may have. The revision is null where it was removed. */
  readonly look: (id: string, revision: number | null) => void
  readonly onError: (error: unknown) => void
}

/**
 * Finds changes of what is watched here that nobody told: the word of a replica that died is lost, and all
 * words while the connection is down.
 */
export function createCatchUp({ store, watched, look, onError }: CatchUpOptions) {
  let known = new Map<string, Revision>()
  let timer: NodeJS.Timeout | undefined
  let reading: Promise<void> | null = null
  let rounds = 0

  async function read(): Promise<void> {
    const ids = [...watched()]
    const before = known
    const looksAtPlaces = ++rounds % placesEvery === 0
    known = new Map()
    for (let at = 0; at < ids.length; at += mostIds) {
      const some = ids.slice(at, at + mostIds)
      const found = await store.revisionsOf(some)
      for (const id of some) {
        const now = found.get(id)
        if (now) known.set(id, now)
        if (isOther(before.get(id), now) || (looksAtPlaces && now?.waits))
          look(id, now?.revision ?? null)
      }
    }
  }

  function run(): Promise<void> {
    clearTimeout(timer)
    reading ??= read()
      .catch(onError)
      .finally(() => {
        reading = null
        timer = setTimeout(run, everyMs).unref()
      })
    return reading
  }

  return {
    start(): void {
      timer = setTimeout(run, everyMs).unref()
    },
    /** Looks at all that is watched. */
    lookAgain(): Promise<void> {
      known = new Map()
      return run()
    },
    /** To be called with each revision that is heard of: it need not be found. */
    note(id: string, revision: number): void {
      const before = known.get(id)
      if (before) known.set(id, { ...before, revision })
    },
    async stop(): Promise<void> {
      await reading
      clearTimeout(timer)
    },
  }
}

/** What is watched since a moment ago is looked at once: it may have changed just before. */
function isOther(before: Revision | undefined, now: Revision | undefined): boolean {
  return before?.revision !== now?.revision || before?.beneath !== now?.beneath || !now
}
