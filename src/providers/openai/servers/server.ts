import type { UpstreamClient } from '../../upstream/client.ts'
import type { ServedModel } from '../dialects/dialect.ts'
import type { OpenAiLimits } from '../limits.ts'
import { isHosted } from './abilities.ts'
import { identify, type Serving, type Sighting } from './identify.ts'

export type Server = ReturnType<typeof createServer>

/** How many runs a server gets at once when it does not say. */
export const defaultSlots = 4

export interface ServerOptions {
  readonly base: string
  /** The key to send; null for none. */
  keyOf(base: string): string | null
  readonly client: UpstreamClient
  readonly limits: OpenAiLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** One server, in the state of its last check. */
export function createServer({ base, keyOf, client, limits, now }: ServerOptions) {
  let sighting: Sighting | null = null
  let lastServing: Serving | null = null
  let lookedWith: string | null = null
  let checkedAt = 0
  let loadingSince: number | null = null
  let checking: Promise<Sighting> | null = null
  let runs = 0

  async function look(): Promise<Sighting> {
    lookedWith = keyOf(base)
    const found = await identify(base, lookedWith, client, sighting)
    if (found.kind === 'serving') lastServing = found
    loadingSince = found.kind === 'loading' ? (loadingSince ?? now()) : null
    checkedAt = now()
    sighting = found
    return found
  }

  function check(): Promise<Sighting> {
    checking ??= look().finally(() => {
      checking = null
    })
    return checking
  }

  function everyMs(): number {
    const isPaid = sighting?.kind === 'serving' && isHosted(sighting.dialect.name)
    return isPaid ? limits.checkHostedEveryMs : limits.checkEveryMs
  }

  return {
    base,
    key: () => keyOf(base),
    /** Of the last check; null before the first. */
    sighting: () => sighting,
    /** Since when it is loading its model, in milliseconds since 1970; null when it is not. */
    loadingSince: () => loadingSince,
    /** Looks at it; concurrent calls share one look. */
    check,
    /** What it was when it served the last time; null before it has. */
    lastServing: () => lastServing,
    /** Looks at it if the last look was a while ago, or with another key. */
    async refresh(): Promise<void> {
      const isDue = now() - checkedAt >= everyMs() || keyOf(base) !== lookedWith
      if (sighting === null || isDue) await check()
    },
    /** Notes that a request found it out of reach: it is looked at again before the next run. */
    lost(sentence: string): void {
      sighting = { kind: 'other', sentence, isAway: true }
    },
    /** The model as the server describes it; with null, its first. Null when it has none such. */
    find(id: string | null): ServedModel | null {
      if (sighting?.kind !== 'serving') return null
      const { models } = sighting
      return (id === null ? models[0] : models.find((one) => one.id === id)) ?? null
    },
    /** How many runs it takes at once. */
    slots: () => (sighting?.kind === 'serving' ? sighting.slots : null) ?? defaultSlots,
    /** Whether it has as many of our runs as it says that it takes. */
    isFull: () => sighting?.kind === 'serving' && runs >= (sighting.slots ?? Infinity),
    /** How many of our runs it has. */
    runs: () => runs,
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
