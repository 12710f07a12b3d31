/** The partials of a note, and how long it rings after its end. */
export interface Voice {
  readonly partials: readonly Partial[]
  readonly ringSeconds: number
}

/** One pure tone in a note. */
interface Partial {
  /** How many times as high as the note. */
  readonly ratio: number
  readonly level: number
  /** Seconds in which it becomes half as loud. */
  readonly halvesIn: number
}

const slowly = 0.9

export const voices = {
  // A bell's tones are no multiples of each other, and the high ones die first.
  bell: {
    ringSeconds: 1.4,
    partials: [
      { ratio: 1, level: 1, halvesIn: 0.45 },
      { ratio: 2, level: 0.45, halvesIn: 0.3 },
      { ratio: 2.76, level: 0.32, halvesIn: 0.16 },
      { ratio: 5.4, level: 0.16, halvesIn: 0.07 },
      { ratio: 8.93, level: 0.07, halvesIn: 0.04 },
    ],
  },
  sine: { ringSeconds: 0, partials: [{ ratio: 1, level: 1, halvesIn: slowly }] },
  triangle: { ringSeconds: 0, partials: oddPartials(9, (n) => (n % 4 === 1 ? 1 : -1) / n ** 2) },
  square: { ringSeconds: 0, partials: oddPartials(19, (n) => 1 / n) },
} as const satisfies Record<string, Voice>

/** A wave that is the same in both its halves has every second partial. */
function oddPartials(highest: number, levelOf: (ratio: number) => number): Partial[] {
  return Array.from({ length: (highest + 1) / 2 }, (_, i) => {
    const ratio = 2 * i + 1
    return { ratio, level: levelOf(ratio), halvesIn: slowly }
  })
}
