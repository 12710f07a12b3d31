import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { viewerOf } from '../request/viewer.ts'

/** A press on Run that is one too many. */
export interface TooOften {
  readonly status: 429
  readonly problem: string
  readonly advice: string
  /** Seconds until Run may be pressed again. */
  readonly retryAfter: number
}

/** Why a press on Run is one too many in a minute; null when it is not. */
export async function whyTooOften(c: Context, deps: Deps): Promise<TooOften | null> {
  const left = await deps.rates?.take('creations', c, deps, viewerOf(c, deps))
  if (!left || left.ok) return null
  const problem = 'Too many runs in a minute'
  const advice = `Press Run again in ${left.seconds} s.`
  return { status: 429, problem, advice, retryAfter: left.seconds }
}
