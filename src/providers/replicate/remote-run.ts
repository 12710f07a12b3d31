import type { Run } from '../provider.ts'
import type { Answers } from '../response-reader.ts'
import type { Client } from './client.ts'
import type { Addresses } from './fetcher.ts'
import type { ReplicateLimits } from './limits.ts'
import type { Report } from './reporter.ts'
import type { Alarm } from './waker.ts'

/** What runs have in common. */
export interface RunParts {
  readonly client: Client
  readonly addresses: Addresses
  readonly limits: ReplicateLimits
  /** Where a run's copies of its files are, each run in a folder of its own. */
  readonly folder: string
  /** The largest file that a run may make, in bytes. */
  readonly mostBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Aborts when the provider is closed. */
  readonly closing: AbortSignal
}

/** A run that is under way, as it is seen by whoever hears of it from the service. */
export interface LiveRun {
  /** What the service calls it; empty while that is not known. */
  remote: string
  /** Whether the service said that something happened since it was last asked. */
  stirred: boolean
  readonly alarm: Alarm
  /** Reads what the service says of it. */
  readonly answers: Answers
}

/** A run on its way. */
export interface Journey {
  readonly run: Run
  readonly live: LiveRun
  readonly report: Report
  /** Aborts when the run is to end here, whatever becomes of it at the service. */
  readonly signal: AbortSignal
  readonly parts: RunParts
}

/** Whether the service can be asked to call us: over https, at a name of the public internet. */
export function isWatched({ callbackUrl }: Pick<Run, 'callbackUrl'>): boolean {
  const url = callbackUrl === null ? null : URL.parse(callbackUrl)
  if (url?.protocol !== 'https:') return false
  const { hostname } = url
  return (
    /\.[a-z][a-z0-9-]*$/.test(hostname) && !/\.(?:local|localhost|internal|lan)$/.test(hostname)
  )
}
