import { invalid, type Problem } from '../problem.ts'
import type { ApiContext } from '../route.ts'

/** How long a caller will wait at most, as Replicate has it. */
const longestWaitSeconds = 60

/** A deadline nearer than this is refused, and so is one that a timer cannot hold. */
const deadlineSeconds = { shortest: 5, longest: 24 * 24 * 60 * 60 }

/** How a caller wants a prediction made. */
export interface Preferences {
  /** Seconds it will wait for the output; null when it is to be answered at once. */
  readonly waitSeconds: number | null
  /** Milliseconds after which it is to be ended; null when only its model's limit holds. */
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

/** Preferences that nobody knows are not followed: that is what RFC 7240 asks for. */
function waitIn(header: string): number | null {
  for (const one of header.split(/[,;]/)) {
    const [, seconds] = /^\s*wait(?:\s*=\s*"?(\d{1,9})"?)?\s*$/i.exec(one) ?? [null, null]
    if (seconds === undefined) return longestWaitSeconds
    if (seconds !== null && Number(seconds) > 0)
      return Math.min(Number(seconds), longestWaitSeconds)
  }
  return null
}

/** `30`, `30s`, `5m`, `1h30m45s`; not a number for anything else. */
function secondsIn(text: string): number {
  const [found, h = 0, m = 0, s = 0] =
    /^(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s?)?$/.exec(text.trim()) ?? []
  return found === undefined ? Number.NaN : Number(h) * 3600 + Number(m) * 60 + Number(s)
}
