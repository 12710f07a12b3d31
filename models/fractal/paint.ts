import type { Fate } from './escape.ts'
import type { View } from './model.ts'

export type Rgb = readonly [number, number, number]

interface Paint {
  /** The colour of points that stay. */
  readonly inside: Rgb
  /** The colours of points that escape, evenly spread over one cycle, then repeated. */
  readonly round: readonly Rgb[]
}

const paints: Record<View['colours'], Paint> = {
  dusk: {
    inside: [18, 11, 30],
    round: [
      [51, 35, 63],
      [94, 58, 104],
      [217, 71, 43],
      [242, 194, 48],
      [243, 239, 228],
      [94, 140, 150],
      [28, 52, 84],
    ],
  },
  ember: {
    inside: [10, 6, 4],
    round: [
      [44, 12, 8],
      [140, 32, 14],
      [232, 96, 28],
      [250, 196, 84],
      [255, 246, 220],
      [170, 84, 40],
    ],
  },
  tide: {
    inside: [6, 22, 30],
    round: [
      [12, 39, 49],
      [15, 90, 99],
      [95, 157, 155],
      [238, 247, 239],
      [246, 220, 133],
      [53, 120, 122],
    ],
  },
  ink: {
    inside: [20, 20, 22],
    round: [
      [243, 239, 228],
      [120, 118, 112],
    ],
  },
}

/** Gives each fate its colour. Steps are told apart by their logarithm: near the edge they crowd. */
export function createPainter({ colours }: View) {
  const { inside, round } = paints[colours]
  return function paint(fate: Fate): Rgb {
    if (fate === 'stays') return inside
    const at = Math.log2(1 + Math.max(0, fate)) * 0.9 * (round.length / 3)
    return mixed(round, at)
  }
}

function mixed(round: readonly Rgb[], at: number): Rgb {
  const from = round[Math.floor(at) % round.length] ?? round[0]
  const to = round[(Math.floor(at) + 1) % round.length] ?? round[0]
  const part = at % 1
  const mix = (channel: 0 | 1 | 2) =>
    (from?.[channel] ?? 0) * (1 - part) + (to?.[channel] ?? 0) * part
  return [mix(0), mix(1), mix(2)]
}
