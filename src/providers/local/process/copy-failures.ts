import {
  type Failures,
  noFailures,
  notBefore,
  withFailure,
} from '../../../domain/instance/back-off.ts'
import type { InstanceFailure } from '../../../domain/instance/state.ts'

/** One that ends sooner after it was ready, in milliseconds, goes on with the failures from before. */
const steadyMs = 60_000

/** Of so many versions at most. */
const most = 1_000

interface Ended {
  readonly version: string
  readonly readyAt: number | null
  readonly logs: string
}

/** The failures of the copies of each version, which put off the next copy that is kept warm. */
export function createCopyFailures(now: () => number) {
  const all = new Map<string, Failures>()
  /** Versions of which a copy became ready after the last failure. */
  const recovered = new Set<string>()

  const notBeforeOf = (version: string) => notBefore(all.get(version) ?? noFailures)

  function forget(version: string): void {
    all.delete(version)
    recovered.delete(version)
  }

  return {
    /** A copy could not be started, or ended by itself. */
    add({ version, readyAt, logs }: Ended, sentence: string): void {
      const wasSteady = readyAt !== null && now() - readyAt >= steadyMs
      const before = wasSteady ? noFailures : (all.get(version) ?? noFailures)
      all.delete(version)
      all.set(version, withFailure(before, { at: now(), sentence, logs }))
      recovered.delete(version)
      const [oldest = ''] = all.keys()
      if (all.size > most) forget(oldest)
    },
    ready(version: string): void {
      if (all.has(version)) recovered.add(version)
    },
    /** Those since the last copy that became ready, the latest first. */
    of: (version: string): readonly InstanceFailure[] =>
      recovered.has(version) ? [] : (all.get(version)?.recent ?? []),
    /** Before when the next copy is not started, in milliseconds since 1970. */
    notBefore: notBeforeOf,
    /** Whether the next copy is put off. */
    putsOff: (version: string): boolean => now() < notBeforeOf(version),
    forget,
  }
}
