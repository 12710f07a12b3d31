/**
 * A program that compares two pictures: `draw-difference BEFORE AFTER DRAWING`. The drawing is a line of JSON with
 * the figures, and a WebP that is white where they differ. A picture of another size is stretched to that of `BEFORE`.
 * @module
 */
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'

const [before, after, drawing] = process.argv.slice(2)
if (!before || !after || !drawing) throw new Error('Usage: draw-difference BEFORE AFTER DRAWING')

const mostPixels = 1200

/** Compression changes a channel by less, of 255. */
const noise = 8

const opened = (path: string) => {
  const picture = sharp(path, { limitInputPixels: 100_000_000, failOn: 'error' }).rotate()
  return picture.flatten({ background: '#ffffff' }).toColourspace('srgb')
}

const { data: first, info } = await opened(before)
  .resize(mostPixels, mostPixels, { fit: 'inside', withoutEnlargement: true })
  .raw()
  .toBuffer({ resolveWithObject: true })
const { width, height, channels } = info
const second = await opened(after).resize(width, height, { fit: 'fill' }).raw().toBuffer()

const pixels = width * height
const shown = Buffer.alloc(pixels)
let sum = 0
let differing = 0
for (let pixel = 0; pixel < pixels; pixel++) {
  let most = 0
  for (let at = pixel * channels; at < (pixel + 1) * channels; at++)
    most = Math.max(most, Math.abs((first[at] ?? 0) - (second[at] ?? 0)))
  sum += most
  if (most <= noise) continue
  differing++
  shown[pixel] = 128 + (most >> 1)
}

const figures = { width, height, differing: differing / pixels, mean: sum / pixels }
const picture = await sharp(shown, { raw: { width, height, channels: 1 } })
  .webp({ quality: 80 })
  .toBuffer()
await writeFile(drawing, [Buffer.from(`${JSON.stringify(figures)}\n`), picture])
