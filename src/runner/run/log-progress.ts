import { isDeepStrictEqual } from 'node:util'
import type { Progress } from '../../domain/prediction/prediction.ts'
import { progressIn } from '../../domain/prediction/tqdm.ts'

/** How much of an incomplete line is kept, in UTF-16 units. A progress bar is shorter. */
const mostKept = 1_000

/** Reads progress from logs, chunk by chunk; null when it has not changed. */
export function createLogProgress(): (text: string) => Progress | null {
  let line = ''
  let last: Progress | null = null
  return (text) => {
    const seen = line + text
    line = seen.slice(Math.max(lastBreak(seen) + 1, seen.length - mostKept))
    const found = progressIn(seen)
    // A finished loop does not show how much of the run is left.
    const next = found?.fraction === 1 ? {} : found
    if (next === null || isDeepStrictEqual(next, last)) return null
    last = next
    return next
  }
}

function lastBreak(text: string): number {
  return Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
}
