import type { View } from './model.ts'

/** Whether a point escapes, and after how many steps (fractional); or that it stays. */
export type Fate = number | 'stays'

/** Where each Julia set is on the map. */
const places = {
  spiral: [-0.8, 0.156],
  rabbit: [-0.1226, 0.7449],
  dendrite: [0, 1],
  frost: [-0.7269, 0.1889],
} as const

/** Far beyond the point of no return, so that the fraction of a step is a smooth one. */
const farSquared = 2 ** 16

/** How a point of the plane fares in a view: z² + c, over and over. */
export function createFollower({ kind, julia, iterations }: View) {
  const [juliaX, juliaY] = places[julia]
  return kind === 'julia'
    ? (x: number, y: number) => follow(x, y, juliaX, juliaY, iterations)
    : (x: number, y: number) => follow(0, 0, x, y, iterations)
}

function follow(fromX: number, fromY: number, cx: number, cy: number, most: number): Fate {
  let x = fromX
  let y = fromY
  for (let step = 0; step < most; step++) {
    const xx = x * x
    const yy = y * y
    if (xx + yy > farSquared) return step - Math.log2(Math.log2(xx + yy) / 16)
    y = 2 * x * y + cy
    x = xx - yy + cx
  }
  return 'stays'
}
