/**
 * The Cog version that is reported when the real one is not known. By it, clients decide whether a
 * schema names iterators; ours do, as those of this Cog version.
 */
const assumed = '0.16.0'

/** Older schemas do not name iterators, and clients take every list of theirs for one. */
const oldest = [0, 3, 9]

/** A version as Python's `packaging` reads it (PEP 440): its epoch, its numbers, and what makes it early. */
const pattern =
  /^v?(\d{1,9}!)?(\d{1,9}(?:\.\d{1,9}){0,9})([-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d{0,9})?(?:-\d{1,9}|[-_.]?(?:post|rev|r)[-_.]?\d{0,9})?([-_.]?dev[-_.]?\d{0,9})?(?:\+[a-z\d]+(?:[-_.][a-z\d]+)*)?$/i

const mostUnits = 60

/**
 * The Cog version that is reported to clients: one that they can parse, and whose schemas name
 * iterators.
 */
export function statedCogVersion(told: string | null): string {
  return told !== null && isReadable(told) ? told : assumed
}

/** Whether Python's clients can parse it, and its schemas name iterators. */
export function isReadable(version: string): boolean {
  if (version.length > mostUnits) return false
  const [, epoch, numbers, early, dev] = pattern.exec(version) ?? []
  if (numbers === undefined) return false
  if (Number.parseInt(epoch ?? '', 10) > 0) return true
  const order = compare(numbers.split('.').map(Number), oldest)
  return order > 0 || (order === 0 && early === undefined && dev === undefined)
}

function compare(numbers: readonly number[], others: readonly number[]): number {
  const length = Math.max(numbers.length, others.length)
  for (let at = 0; at < length; at++) {
    const difference = (numbers[at] ?? 0) - (others[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
