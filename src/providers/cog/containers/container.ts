import { NotAnswered, type Wire } from '../container-client.ts'
import type { WayKind } from '../run/callback-routes.ts'
import { type Health, lookAt } from './health.ts'
import { cogVersionIn, type Document, readDocument } from './openapi-document.ts'

export type Container = ReturnType<typeof createContainer>

/** A document is read again after this long even if the container seems the same, in milliseconds. */
const documentLastsMs = 60_000

/** One container, as it was when somebody last looked. */
export function createContainer(origin: string, wire: Wire, now: () => number) {
  let health: Health | null = null
  let document: Document | null = null
  let readOf: { readonly instance: string | null; readonly at: number } | null = null
  let bootingSince: number | null = null
  let looking: Promise<Health> | null = null
  let runs = 0
  /** Whether the container has reached us by a way, of the start that it was learned of. */
  const heard = new Map<WayKind, { readonly instance: string | null; readonly works: boolean }>()

  async function lookNow(): Promise<Health> {
    const seen = await lookAt(origin, wire)
    if (seen.condition === 'booting') bootingSince ??= now()
    else bootingSince = null
    if (mayHaveChanged(seen)) await readAgain(seen)
    health = seen
    return seen
  }

  function mayHaveChanged({ condition, instance }: Health): boolean {
    if (condition === 'unreachable' || condition === 'strange') return false
    if (!document || !readOf || instance !== readOf.instance) return true
    return condition !== 'busy' && now() - readOf.at > documentLastsMs
  }

  async function readAgain({ instance, condition, cogVersion }: Health): Promise<void> {
    try {
      const { status, json } = await wire.get(`${origin}/openapi.json`)
      const read = status === 200 ? readDocument(json, cogVersion ?? (await builtWith())) : null
      if (read) document = read
      // One that still starts may say more when it has.
      if (read && condition !== 'booting') readOf = { instance, at: now() }
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw error
    }
  }

  /** Not being told costs nothing but the name of the version. */
  async function builtWith(): Promise<string | null> {
    try {
      return cogVersionIn((await wire.get(`${origin}/`)).json)
    } catch (error) {
      if (error instanceof NotAnswered) return null
      throw error
    }
  }

  return {
    origin,
    /** As last seen; null before the first look. */
    health: () => health,
    /** As last read; null while it never said what it takes. */
    document: () => document,
    /** When it was first seen to start, if it does; in milliseconds since 1970. */
    bootingSince: () => (bootingSince === null ? null : (health?.startedAt ?? bootingSince)),
    /** Whether it has reached us by a way since it was started; null while that is not known. */
    heardBy(kind: WayKind): boolean | null {
      const known = heard.get(kind)
      return known && known.instance === (health?.instance ?? null) ? known.works : null
    },
    /** It was asked to report by a way: something arrived, or nothing did. */
    hear(kind: WayKind, works: boolean) {
      heard.set(kind, { instance: health?.instance ?? null, works })
    },
    /** How many of our runs are there. */
    runs: () => runs,
    /** Looks at it, once for all who ask meanwhile. Never rejects for what the container does. */
    look(): Promise<Health> {
      looking ??= lookNow().finally(() => {
        looking = null
      })
      return looking
    },
    /** Looks at it and reads what it takes, though that was read a moment ago. */
    async lookAnew(): Promise<Health> {
      // A look that is under way may have read that before it changed.
      await looking
      readOf = null
      return this.look()
    },
    /** Takes a place in it; the answer gives it back, once. */
    reserve(): () => void {
      runs++
      let reserved = true
      return () => {
        if (reserved) runs--
        reserved = false
      }
    },
  }
}
