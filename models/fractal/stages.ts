/** One picture on the way to the whole. */
export interface Stage {
  readonly label: string
  /** Width and height in pixels. */
  readonly side: number
  /** Points looked at in each pixel, along each side of it: more of them make smooth edges. */
  readonly samples: number
}

const previews = [8, 4, 2]
const samplesInFull = 3

/** Three previews, each of twice the size of the last, and the whole. */
export function stagesOf(size: number): Stage[] {
  const coarse = previews.map((part, i) => ({
    label: `Preview ${i + 1} of ${previews.length}`,
    side: size / part,
    samples: 1,
  }))
  return [...coarse, { label: 'Full picture', side: size, samples: samplesInFull }]
}
