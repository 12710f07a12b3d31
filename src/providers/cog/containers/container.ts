import { type ContainerClient, ContainerError } from '../container-client.ts'
import type { RouteKind } from '../run/callback-routes.ts'
import { fetchHealth, type Health } from './health.ts'
import { cogVersionIn, type OpenApiDocument, readOpenApi } from './openapi-document.ts'

export type Container = ReturnType<typeof createContainer>

/** A document is read again after this long even if the container seems the same, in milliseconds. */
const documentLastsMs = 60_000

/** One container, as it was when somebody last looked. */
export function createContainer(origin: string, client: ContainerClient, now: () => number) {
  let health: Health | null = null
  let document: OpenApiDocument | null = null
  let lastRead: { readonly instance: string | null; readonly at: number } | null = null
  let bootingSince: number | null = null
  let checking: Promise<Health> | null = null
  let runs = 0
  /** Whether the container has reached us by a way, of the start that it was learned of. */
  const reached = new Map<
    RouteKind,
    { readonly instance: string | null; readonly works: boolean }
  >()

  async function check(): Promise<Health> {
    const seen = await fetchHealth(origin, client)
    if (seen.condition === 'booting') bootingSince ??= now()
    else bootingSince = null
    if (mayHaveChanged(seen)) await refreshDocument(seen)
    health = seen
    return seen
  }

  function mayHaveChanged({ condition, instance }: Health): boolean {
    if (condition === 'unreachable' || condition === 'not cog') return false
    if (!document || !lastRead || instance !== lastRead.instance) return true
    return condition !== 'busy' && now() - lastRead.at > documentLastsMs
  }

  async function refreshDocument({ instance, condition, cogVersion }: Health): Promise<void> {
    try {
      const { status, json } = await client.get(`${origin}/openapi.json`)
      const read = status === 200 ? readOpenApi(json, cogVersion ?? (await builtWith())) : null
      if (read) document = read
      // One that still starts may say more when it has.
      if (read && condition !== 'booting') lastRead = { instance, at: now() }
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error
    }
  }

  /** Not being told costs nothing but the name of the version. */
  async function builtWith(): Promise<string | null> {
    try {
      return cogVersionIn((await client.get(`${origin}/`)).json)
    } catch (error) {
      if (error instanceof ContainerError) return null
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
    reachesUs(kind: RouteKind): boolean | null {
      const known = reached.get(kind)
      return known && known.instance === (health?.instance ?? null) ? known.works : null
    },
    /** It was asked to report by a way: something arrived, or nothing did. */
    setReachesUs(kind: RouteKind, works: boolean) {
      reached.set(kind, { instance: health?.instance ?? null, works })
    },
    /** How many of our runs are there. */
    runs: () => runs,
    /** Looks at it, once for all who ask meanwhile. Never rejects for what the container does. */
    checkHealth(): Promise<Health> {
      checking ??= check().finally(() => {
        checking = null
      })
      return checking
    },
    /** Looks at it and reads what it takes, though that was read a moment ago. */
    async recheck(): Promise<Health> {
      // A look that is under way may have read that before it changed.
      await checking
      lastRead = null
      return this.checkHealth()
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
