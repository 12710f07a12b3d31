/** Of each model, besides its current version. */
const most = { versions: 30, bytes: 64 * 2 ** 20 } as const

interface KeptVersion {
  readonly bytes: number
  readonly usedAt: number
}

type Need = 'pinned' | 'predicted' | 'none'

const ranks: Readonly<Record<Need, number>> = { pinned: 0, predicted: 1, none: 2 }

/**
 * The versions of a model that are too many to keep beside the current one: those that nothing needs first,
 * and of them those that were used longest ago.
 */
export async function versionsToForget(
  all: ReadonlyMap<string, KeptVersion>,
  current: string,
  needOf: (id: string) => Promise<Need>,
): Promise<readonly string[]> {
  const earlier = [...all].filter(([id]) => id !== current)
  if (earlier.length <= most.versions && bytesOf(earlier) <= most.bytes) return []
  const ranked = await Promise.all(
    earlier.map(async ([id, one]) => ({ id, ...one, rank: ranks[await needOf(id)] })),
  )
  ranked.sort((a, b) => a.rank - b.rank || b.usedAt - a.usedAt)
  let kept = 0
  let bytes = 0
  return ranked.flatMap((one) => {
    if (kept === most.versions || bytes + one.bytes > most.bytes) return [one.id]
    kept++
    bytes += one.bytes
    return []
  })
}

function bytesOf(versions: readonly (readonly [string, KeptVersion])[]): number {
  return versions.reduce((sum, [, { bytes }]) => sum + bytes, 0)
}
