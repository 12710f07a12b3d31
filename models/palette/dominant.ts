import { distance, type Lab, type Rgb, toHex, toLab } from './colour.ts'
import type { Colour } from './model.ts'
import { nameOf } from './names.ts'

/** Colours closer than this look like one. */
const leastApart = 0.05 ** 2
const mostRounds = 40

/** All pixels of nearly one colour, and how many they are. */
interface Bin {
  readonly rgb: Rgb
  readonly lab: Lab
  readonly count: number
}

/** The colours that stand for most of the pixels, the largest first. Always the same for the same pixels. */
export function dominantColours(pixels: readonly Rgb[], most: number): Colour[] {
  const bins = binsOf(pixels)
  const groups = grouped(bins, settledCentres(bins, farApart(bins, most)))
  const counted = groups.map((group) => ({ rgb: mean(group), count: total(group) }))
  return counted
    .sort((a, b) => b.count - a.count || (toHex(a.rgb) < toHex(b.rgb) ? -1 : 1))
    .map(({ rgb, count }) => ({
      hex: toHex(rgb),
      share: Math.round((count / pixels.length) * 10_000) / 10_000,
      name: nameOf(rgb),
    }))
}

/** Counts colours by their five upper bits: thousands of pixels become hundreds of bins. */
function binsOf(pixels: readonly Rgb[]): Bin[] {
  const found = new Map<number, Rgb[]>()
  for (const pixel of pixels) {
    const key = pixel.reduce((bits, channel) => (bits << 5) | (channel >> 3), 0)
    const alike = found.get(key)
    if (alike) alike.push(pixel)
    else found.set(key, [pixel])
  }
  return [...found.values()].map((alike) => {
    const rgb = mean(alike.map((pixel) => ({ rgb: pixel, count: 1 })))
    return { rgb, lab: toLab(rgb), count: alike.length }
  })
}

/** First the commonest colour, then each time the one that is both common and unlike the others. */
function farApart(bins: readonly Bin[], most: number): Lab[] {
  const first = best(bins, ({ count }) => count)
  const centres = first ? [first.lab] : []
  while (centres.length < most) {
    const nearest = (bin: Bin) => Math.min(...centres.map((centre) => distance(bin.lab, centre)))
    const next = best(bins, (bin) =>
      nearest(bin) < leastApart ? 0 : Math.sqrt(bin.count) * nearest(bin),
    )
    if (!next) break
    centres.push(next.lab)
  }
  return centres
}

function best(bins: readonly Bin[], score: (bin: Bin) => number): Bin | undefined {
  let found: Bin | undefined
  let highest = 0
  for (const bin of bins) {
    const reached = score(bin)
    if (reached > highest) {
      highest = reached
      found = bin
    }
  }
  return found
}

/** Moves each centre to the middle of what is nearest to it, until none moves (k-means). */
function settledCentres(bins: readonly Bin[], start: readonly Lab[]): readonly Lab[] {
  let centres = start
  for (let round = 0; round < mostRounds; round++) {
    const moved = grouped(bins, centres).map(middle)
    const still = moved.every((lab, i) => distance(lab, centres[i] ?? lab) < 1e-9)
    centres = moved
    if (still) break
  }
  return centres
}

/** The members of each cluster; empty clusters are left out. */
function grouped(bins: readonly Bin[], centres: readonly Lab[]): Bin[][] {
  const groups: Bin[][] = centres.map(() => [])
  for (const bin of bins) {
    let nearest = 0
    let least = Infinity
    for (const [i, centre] of centres.entries()) {
      const away = distance(bin.lab, centre)
      if (away < least) {
        least = away
        nearest = i
      }
    }
    groups[nearest]?.push(bin)
  }
  return groups.filter((group) => group.length > 0)
}

function middle(group: readonly Bin[]): Lab {
  const sum = (axis: 0 | 1 | 2) =>
    group.reduce((all, { lab, count }) => all + lab[axis] * count, 0) / total(group)
  return [sum(0), sum(1), sum(2)]
}

function mean(group: readonly Pick<Bin, 'rgb' | 'count'>[]): Rgb {
  const sum = (axis: 0 | 1 | 2) =>
    Math.round(group.reduce((all, { rgb, count }) => all + rgb[axis] * count, 0) / total(group))
  return [sum(0), sum(1), sum(2)]
}

function total(group: readonly { readonly count: number }[]): number {
  return group.reduce((all, { count }) => all + count, 0)
}
