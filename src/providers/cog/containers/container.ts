import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { RouteKind } from '../run/callback-routes.ts'
import { fetchHealth, type Health } from './health.ts'
import { cogVersionIn, type OpenApiDocument, readOpenApi } from './openapi-document.ts'

export type Container = ReturnType<typeof createContainer>

/** A document is fetched again after this long, in milliseconds. */
const documentLastsMs = 60_000
/** What a check found says nothing of now after this long, in milliseconds: those of a URL on demand are rare. */
const healthLastsMs = 60_000

/** One container, in the state of its last health check. */
export function createContainer(origin: string, client: UpstreamClient, now: () => number) {
  let health: Health | null = null
  let checkedAt = 0
  let document: OpenApiDocument | null = null
  let lastRead: { readonly instance: string | null; readonly at: number } | null = null
  let bootingSince: number | null = null
  let checking: Promise<Health> | null = null
  let runs = 0
  /** Whether the container has reached us by a route, and the start of the container that showed it. */
  const reached = new Map<
    RouteKind,
    { readonly instance: string | null; readonly works: boolean }
  >()

  async function check(): Promise<Health> {
    const found = await fetchHealth(origin, client)
    if (found.condition === 'booting') bootingSince ??= now()
    else bootingSince = null
    if (mayHaveChanged(found)) await refreshDocument(found)
    health = found
    checkedAt = now()
    return found
  }

  function mayHaveChanged({ condition, instance }: Health): boolean {
    if (condition === 'unreachable' || condition === 'not cog') return false
    if (!document || !lastRead || instance !== lastRead.instance) return true
    return condition !== 'busy' && now() - lastRead.at > documentLastsMs
  }

  async function refreshDocument({ instance, condition, cogVersion }: Health): Promise<void> {
    try {
      const { status, json } = await client.get(`${origin}/openapi.json`)
      const read =
        status === 200 ? readOpenApi(json, cogVersion ?? (await fetchCogVersion())) : null
      if (read) document = read
      // While it starts, a container may not know all of its schema.
      if (read && condition !== 'booting') lastRead = { instance, at: now() }
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
    }
  }

  async function fetchCogVersion(): Promise<string | null> {
    try {
      return cogVersionIn((await client.get(`${origin}/`)).json)
    } catch (error) {
      if (error instanceof RequestError) return null
      throw error
    }
  }

  return {
    origin,
    /** Of the last check; null before the first, and once it is out of date and it has no runs of ours. */
    health: () => (runs > 0 || now() - checkedAt <= healthLastsMs ? health : null),
    /** As it was read last; null while the container has not sent one. */
    document: () => document,
    /** Since when it boots, in milliseconds since 1970; null when it does not. */
    bootingSince: () => (bootingSince === null ? null : (health?.startedAt ?? bootingSince)),
    /** Whether it has reached us by a route since its start; null while that is not known. */
    reachesUs(kind: RouteKind): boolean | null {
      const known = reached.get(kind)
      return known && known.instance === (health?.instance ?? null) ? known.works : null
    },
    setReachesUs(kind: RouteKind, works: boolean) {
      reached.set(kind, { instance: health?.instance ?? null, works })
    },
    /** How many of our runs it has. */
    runs: () => runs,
    /** Checks its health; concurrent calls share one check. Rejects for faults of our own only. */
    checkHealth(): Promise<Health> {
      checking ??= check().finally(() => {
        checking = null
      })
      return checking
    },
    /** Checks its health, and fetches its document even if that is recent. */
    async recheck(): Promise<Health> {
      // A check in progress may have fetched the document before it changed.
      await checking
      lastRead = null
      return this.checkHealth()
    },
    /** Reserves a slot for a run; the function that it returns releases the slot. */
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
