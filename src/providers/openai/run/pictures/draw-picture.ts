/**
 * A program that makes a picture fit for a model: `draw-picture PICTURE DRAWN PIXELS`. PNG and JPEG whose
 * sides have at most so many pixels are copied, and all others are drawn anew. It prints the media type.
 * @module
 */
import { copyFile } from 'node:fs/promises'
import sharp from 'sharp'

const [picture, drawn, pixels] = process.argv.slice(2)
if (!picture || !drawn || !pixels) throw new Error('Usage: draw-picture PICTURE DRAWN PIXELS')

const most = Number(pixels)
const source = sharp(picture, { limitInputPixels: 100_000_000, failOn: 'error' })
const { format, width, height, hasAlpha, orientation = 1 } = await source.metadata()
const isSmall = Math.max(width, height) <= most
if ((format === 'png' || format === 'jpeg') && isSmall && orientation === 1) {
  await copyFile(picture, drawn)
  process.stdout.write(`image/${format}`)
} else {
  const fitting = source.rotate().resize(most, most, { fit: 'inside', withoutEnlargement: true })
  const encoded = hasAlpha ? fitting.png() : fitting.jpeg({ quality: 90 })
  await encoded.toFile(drawn)
  process.stdout.write(hasAlpha ? 'image/png' : 'image/jpeg')
}
