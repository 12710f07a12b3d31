import { type LookOptions, look, type Serving, type Sighting } from './look.ts'

export type App = ReturnType<typeof createApp>

export interface AppOptions extends Omit<LookOptions, 'key'> {
  /** Its address. */
  readonly base: string
  /** The key for an address; null for none. */
  keyOf(base: string): string | null
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** One app, in the state of its last check. */
export function createApp({ base, keyOf, client, hub, now }: AppOptions) {
  let sighting: Sighting | null = null
  let lookedAt = Number.NEGATIVE_INFINITY
  let bootingSince: number | null = null
  let looking: Promise<Sighting> | null = null

  async function check(): Promise<Sighting> {
    const found = await look(base, { key: keyOf(base), client, hub })
    sighting = found
    lookedAt = now()
    bootingSince = found.kind === 'booting' ? (bootingSince ?? lookedAt) : null
    return found
  }

  /** Concurrent calls share one look. */
  function checked(): Promise<Sighting> {
    looking ??= check().finally(() => {
      looking = null
    })
    return looking
  }

  return {
    base,
    /** Of the last check; null before the first. */
    sighting: () => sighting,
    /** Since when it boots, in milliseconds since 1970; null when it does not. */
    bootingSince: () => bootingSince,
    check: checked,
    /** As it was checked at most `ms` ago, or is now. */
    fresh: async (ms: number): Promise<Sighting> =>
      sighting?.kind === 'serving' && now() - lookedAt <= ms ? sighting : checked(),
  }
}

/** The endpoint of an app by its name. */
export function endpointIn({ endpoints }: Serving, name: string) {
  return endpoints.find((one) => one.name === name) ?? null
}
