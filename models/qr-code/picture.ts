import sharp from 'sharp'
import type { Wishes } from './model.ts'

sharp.cache(false)
sharp.concurrency(1)

/** Where the code stands in its picture, in pixels. */
export interface Frame {
  readonly squares: readonly (readonly boolean[])[]
  readonly size: number
  /** The side of one square: whole, so that each is as large as the next. */
  readonly square: number
  /** From the edge of the picture to the first square. */
  readonly edge: number
  readonly dark: string
  readonly light: string
}

/** Makes the squares as large as whole pixels allow; what is left over goes to the margin. */
export function frameOf(squares: Frame['squares'], { size, margin, dark, light }: Wishes): Frame {
  const across = squares.length + 2 * margin
  const square = Math.floor(size / across)
  if (square < 1)
    throw new Error(
      `A size of ${size} is too small for this text: it needs ${across} pixels or more.`,
    )
  return {
    squares,
    size,
    square,
    edge: Math.floor((size - squares.length * square) / 2),
    dark,
    light,
  }
}

export async function toPng({ squares, square, edge, size, dark, light }: Frame): Promise<Buffer> {
  const inked = Buffer.from(dark.slice(1), 'hex')
  const bare = Buffer.from(light.slice(1), 'hex')
  const pixels = Buffer.alloc(size * size * 3, bare)
  for (const [y, row] of squares.entries()) {
    const line = Buffer.alloc(size * 3, bare)
    for (const [from, length] of runsOf(row)) {
      const start = (edge + from * square) * 3
      line.fill(inked, start, start + length * square * 3)
    }
    for (let i = 0; i < square; i++) line.copy(pixels, (edge + y * square + i) * size * 3)
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer()
}

export function toSvg({ squares, size, square, edge, dark, light }: Frame): Buffer {
  const runs = squares.flatMap((row, y) =>
    runsOf(row).map(
      ([from, length]) =>
        `M${edge + from * square} ${edge + y * square}h${length * square}v${square}h-${length * square}z`,
    ),
  )
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
      `<path fill="${light}" d="M0 0h${size}v${size}H0z"/><path fill="${dark}" d="${runs.join('')}"/></svg>\n`,
  )
}

/** Dark squares that stand side by side: where they begin, and how many. */
function runsOf(row: readonly boolean[]): [from: number, length: number][] {
  const runs: [number, number][] = []
  for (const [at, isDark] of row.entries()) {
    const last = runs.at(-1)
    if (!isDark) continue
    if (last && last[0] + last[1] === at) last[1]++
    else runs.push([at, 1])
  }
  return runs
}
