import { parse } from 'node:path'
import sharp from 'sharp'
import type { Colour } from './model.ts'

const width = 960
const height = 360
const bandHeight = 72

/** The colours side by side, and below them a band that shows how much of each there is. */
export async function drawSwatch(photoName: string, colours: readonly Colour[]) {
  const equal = colours.map(() => 1 / colours.length)
  const shares = colours.map(({ share }) => share)
  const rects = [
    ...row(colours, equal, 0, height - bandHeight),
    ...row(colours, shares, height - bandHeight, bandHeight),
  ]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">${rects.join('')}</svg>`
  return {
    bytes: await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer(),
    name: `${parse(photoName).name}-palette.png`,
  }
}

/** Each from its place to the right edge, under the next: so no gap is left by rounding. */
function row(
  colours: readonly Colour[],
  parts: readonly number[],
  top: number,
  high: number,
): string[] {
  let left = 0
  return colours.map(({ hex }, i) => {
    const from = Math.round(left * width)
    left += parts[i] ?? 0
    return `<rect x="${from}" y="${top}" width="${width - from}" height="${high}" fill="${hex}"/>`
  })
}
