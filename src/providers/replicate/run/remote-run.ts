import type { Run } from '../../provider.ts'
import type { ResponseReader } from '../../response-reader.ts'
import type { ReplicateClient } from '../client.ts'
import type { Fetcher } from '../fetcher.ts'
import type { ReplicateLimits } from '../limits.ts'
import type { ReplicateReporter } from './reporter.ts'
import type { Waker } from './waker.ts'

/** The parts that all runs share. */
export interface RunParts {
  readonly client: ReplicateClient
  readonly fetcher: Fetcher
  readonly limits: ReplicateLimits
  /** For copies of the runs' files, each run in a folder of its own. */
  readonly folder: string
  /** The largest file that a run may make, in bytes. */
  readonly mostBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Aborts when the provider is closed. */
  readonly closing: AbortSignal
}

/** A run in progress, as webhooks find and change it. */
export interface LiveRun {
  /** Its id at the service; empty while that is not known. */
  remote: string
  /** Whether a webhook arrived since the run was last polled. */
  changed: boolean
  readonly waker: Waker
  /** Reads the service's responses and webhooks for this run. */
  readonly responses: ResponseReader
}

/** A run with everything that its steps need. */
export interface RemoteRun {
  readonly run: Run
  readonly live: LiveRun
  readonly reporter: ReplicateReporter
  /** Aborts when the run ends here, even if it continues at the service. */
  readonly signal: AbortSignal
  readonly parts: RunParts
}

/** Whether the service can be asked for webhooks: over https, at a public host name. */
export function acceptsWebhooks({ callbackUrl }: Pick<Run, 'callbackUrl'>): boolean {
  const url = callbackUrl === null ? null : URL.parse(callbackUrl)
  if (url?.protocol !== 'https:') return false
  const { hostname } = url
  return (
    /\.[a-z][a-z0-9-]*$/.test(hostname) && !/\.(?:local|localhost|internal|lan)$/.test(hostname)
  )
}
