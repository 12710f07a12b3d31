import { invalid, type Problem } from '../problem.ts'
import type { ApiContext } from '../route.ts'

/** The longest `Prefer: wait`, as at Replicate. */
const longestWaitSeconds = 60

/** The bounds of `Cancel-After`. Timers hold no more than 24.8 days. */
const deadlineSeconds = { shortest: 5, longest: 24 * 24 * 60 * 60 }

/** The headers with which a prediction is created. */
export interface Preferences {
  /** Seconds to wait for the output; null to answer at once. */
  readonly waitSeconds: number | null
  /** Milliseconds after which to cancel it; null when only the model’s timeout applies. */
  readonly cancelAfterMs: number | null
}

export function readPreferences(
  c: ApiContext,
): { ok: true; preferences: Preferences } | { ok: false; problem: Problem } {
  const after = c.req.header('Cancel-After')
  const seconds = after === undefined ? null : secondsIn(after)
  const { shortest, longest } = deadlineSeconds
  if (Number.isNaN(seconds) || (seconds !== null && (seconds < shortest || seconds > longest)))
    return { ok: false, problem: invalid([badDeadline]) }
  const preferences = {
    waitSeconds: waitIn(c.req.header('Prefer') ?? ''),
    cancelAfterMs: seconds === null ? null : seconds * 1000,
  }
  return { ok: true, preferences }
}

const badDeadline = {
  type: 'format',
  field: 'Cancel-After',
  description: 'Must be a duration of at least 5 seconds, such as 30s, 5m or 1h30m45s',
}

/** The seconds of `wait` in a `Prefer` header. Unknown preferences are ignored (RFC 7240). */
function waitIn(header: string): number | null {
  for (const one of header.split(/[,;]/)) {
    const [, seconds] = /^\s*wait(?:\s*=\s*"?(\d{1,9})"?)?\s*$/i.exec(one) ?? [null, null]
    if (seconds === undefined) return longestWaitSeconds
    if (seconds !== null && Number(seconds) > 0)
      return Math.min(Number(seconds), longestWaitSeconds)
  }
  return null
}

/** Reads `30`, `30s`, `5m` or `1h30m45s`; NaN for anything else. */
function secondsIn(text: string): number {
  const [found, h = 0, m = 0, s = 0] =
    /^(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s?)?$/.exec(text.trim()) ?? []
  return found === undefined ? Number.NaN : Number(h) * 3600 + Number(m) * 60 + Number(s)
}
