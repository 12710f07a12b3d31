import sharp from 'sharp'
import { createFollower } from './escape.ts'
import type { View } from './model.ts'
import type { Pace } from './pace.ts'
import { createPainter } from './paint.ts'
import type { Stage } from './stages.ts'

/** The whole of either set fits in a square of this side. */
const wholeSide = 3

const middles = { mandelbrot: [-0.65, 0], julia: [0, 0] } as const

sharp.cache(false)
sharp.concurrency(1)

/** Draws a view as a PNG, row by row. Throws when it is canceled between two. */
export async function draw(view: View, stage: Stage, rowDone: Pace): Promise<Buffer> {
  const { side } = stage
  const colourAt = createCanvas(view, stage)
  const pixels = new Uint8Array(side * side * 3)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++)
      pixels.set(colourAt(column, row), (row * side + column) * 3)
    await rowDone(stage, row + 1)
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer()
}

/** The colour of each pixel: the mean of the points looked at in it. */
function createCanvas(view: View, { side, samples }: Stage) {
  const follow = createFollower(view)
  const paint = createPainter(view)
  const [middleX, middleY] = middles[view.kind]
  const step = wholeSide / view.zoom / (side * samples)
  const left = (view.x ?? middleX) - (side * samples * step) / 2
  const top = (view.y ?? middleY) + (side * samples * step) / 2

  return function colourAt(column: number, row: number): [number, number, number] {
    const sum: [number, number, number] = [0, 0, 0]
    for (let i = 0; i < samples; i++)
      for (let j = 0; j < samples; j++) {
        const x = left + (column * samples + i + 0.5) * step
        const y = top - (row * samples + j + 0.5) * step
        const [red, green, blue] = paint(follow(x, y))
        sum[0] += red
        sum[1] += green
        sum[2] += blue
      }
    const mean = (total: number) => Math.round(total / samples ** 2)
    return [mean(sum[0]), mean(sum[1]), mean(sum[2])]
  }
}
