import { LRUCache } from 'lru-cache'
import { isId } from '../../domain/id.ts'
import type { Person } from '../../domain/people/person.ts'
import { effectiveQuota, type Quota } from '../../domain/people/quota.ts'
import { type Exceeded, endOfDay, exceededBy, type Usage } from '../../domain/people/usage.ts'
import { hasRole, type Role, type Viewer } from '../../domain/people/viewer.ts'
import type { Store } from '../../store/store.ts'
import type { UsageTable } from '../../store/usage.ts'
import { createSharedTallies } from './shared-tallies.ts'
import { createLocalTallies, minuteMs, type Tally } from './tallies.ts'

export interface QuotasOptions {
  readonly store: Pick<Store, 'usedSince' | 'findPerson'>
  /** What all replicas count; null for a server that is alone. */
  readonly usage: UsageTable | null
  readonly onError: (error: unknown) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The limits of members; null for none. */
  readonly memberQuota: Quota | null
  /** The role of a person as the server is set up. */
  readonly roleOf: (person: Person) => Role
  /** How many predictions of a person wait. */
  readonly waitingOf: (person: string) => Promise<number>
}

/** One more prediction of a person: counted, or refused. */
export type Admission =
  | {
      readonly ok: true
      /**
       * To be called when it is in the queue, or, with false, when it was not accepted. Resolves when
       * what is counted can be read.
       */
      end(isAccepted: boolean): Promise<void>
    }
  | { readonly ok: false; readonly exceeded: Exceeded }

interface Known {
  readonly quota: Quota | null
  readonly readAt: number
}

/** How long a process believes what it read of a person, in milliseconds. */
const believedMs = 5_000
const mostPeople = 10_000

export type Quotas = ReturnType<typeof createQuotas>

/** The limits of people, and what they have used of them. */
export function createQuotas(options: QuotasOptions) {
  const { store, now, memberQuota, roleOf, waitingOf } = options
  const { usage } = options
  const tallies = usage ? createSharedTallies({ ...options, usage }) : createLocalTallies(options)
  const known = new LRUCache<string, Known>({ max: mostPeople })

  function keep(id: string, quota: Quota | null): Quota | null {
    if (id !== '') known.set(id, { quota, readAt: now() })
    return quota
  }

  /** `role`: that of somebody who has no row. */
  async function read(id: string, role: Role | null): Promise<Quota | null> {
    const person = await store.findPerson(id)
    const theirs = person ? roleOf(person) : role
    const isLimited = theirs !== null && !hasRole({ role: theirs }, 'operator')
    return keep(id, isLimited ? effectiveQuota(memberQuota, person?.quota ?? null) : null)
  }

  async function ofMaker(id: string): Promise<Quota | null> {
    const found = known.get(id)
    if (found) return found.quota
    // A browser has no row.
    return isId(id) ? null : read(id, null)
  }

  /** `free`: how many of those that are about to wait will run at once. */
  function usageOf(tally: Tally, waiting: number, free: number): Usage {
    return {
      runsToday: tally.runs,
      msToday: tally.ms,
      runsInMinute: tally.inMinute,
      minuteEnds: tally.minuteFrom + minuteMs,
      dayEnds: endOfDay(tally.day),
      waiting: waiting + Math.max(0, tally.pending - free),
    }
  }

  return {
    /** The limits of a viewer; null for none. Operators have none. */
    of({ id, kind, role }: Pick<Viewer, 'id' | 'kind' | 'role'>) {
      const found = known.get(id)
      if (hasRole({ role }, 'operator')) return found || memberQuota ? keep(id, null) : null
      if (kind !== 'person') return memberQuota && keep(id, memberQuota)
      if (found && Math.abs(now() - found.readAt) < believedMs) return found.quota
      return read(id, role)
    },
    /** The limits of the maker of a prediction, where nobody sends a request. */
    ofMaker,
    /** How many predictions of these makers may run at once, read where that is not known. */
    async readMakers(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
      const limitOf = async (id: string) => (await ofMaker(id))?.running ?? Number.POSITIVE_INFINITY
      return new Map(await Promise.all(ids.map(async (id) => [id, await limitOf(id)] as const)))
    },
    /** How many predictions of a person may run at once, as far as their limits are known. */
    mostRunning: (person: string): number =>
      known.peek(person)?.quota?.running ?? Number.POSITIVE_INFINITY,
    /** What a person has used. */
    async usage(person: string, quota: Quota): Promise<Usage> {
      const tally = await tallies.read(person, quota)
      return usageOf(tally, await waitingOf(person), 0)
    },
    /** Counts one more prediction of a person, if their limits allow it. */
    async admit(person: string, quota: Quota, free: number): Promise<Admission> {
      const { tally, count, end } = await tallies.begin(person, quota)
      try {
        const waiting = quota.waiting === null ? 0 : await waitingOf(person)
        const exceeded = exceededBy(quota, usageOf(tally, waiting, free))
        if (exceeded) await end(false)
        else count()
        return exceeded ? { ok: false, exceeded } : { ok: true, end }
      } catch (error) {
        await end(false)
        throw error
      }
    },
    saved: tallies.saved,
    stop: tallies.stop,
    /** Reads all limits again when they are needed. */
    forget: (): void => known.clear(),
    /** Reads the limits of a person again, which have changed. */
    async changed(person: string): Promise<void> {
      if (known.has(person)) await read(person, null)
    },
  }
}
