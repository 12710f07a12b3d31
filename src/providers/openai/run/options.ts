import type { Guard } from '../../../outbound/guard.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { OpenAiLimits } from '../limits.ts'
import type { PlacedModel } from '../servers/placed-model.ts'

export interface ServerRunOptions {
  readonly run: Run
  readonly placed: PlacedModel
  readonly client: UpstreamClient
  readonly guard: Guard
  readonly limits: OpenAiLimits
  /** The run's own, for files. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}
