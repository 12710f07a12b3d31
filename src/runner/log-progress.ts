import type { Progress } from '../domain/prediction/prediction.ts'
import { progressIn } from '../domain/prediction/tqdm.ts'

/** Of a line that is not whole yet, in UTF-16 units: a progress bar is shorter. */
const mostKept = 1_000

/** Reads progress from what a run logs, piece by piece; null while there is no news. */
export function createLogProgress(): (text: string) => Progress | null {
  let line = ''
  let last: Progress | null = null
  return (text) => {
    const seen = line + text
    line = seen.slice(Math.max(lastBreak(seen) + 1, seen.length - mostKept))
    const found = progressIn(seen)
    // A loop that is done says nothing of what is left to do.
    const next = found?.fraction === 1 ? {} : found
    if (next === null || isSame(next, last)) return null
    last = next
    return next
  }
}

function lastBreak(text: string): number {
  return Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
}

function isSame(a: Progress, b: Progress | null): boolean {
  return b !== null && a.fraction === b.fraction && a.label === b.label && a.eta === b.eta
}
