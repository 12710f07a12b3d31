/**
 * A program that draws one thumbnail: `draw-thumbnail PICTURE THUMBNAIL`.
 * @module
 */
import sharp from 'sharp'

const [picture, thumbnail] = process.argv.slice(2)
if (!picture || !thumbnail) throw new Error('Usage: draw-thumbnail PICTURE THUMBNAIL')

await sharp(picture, { limitInputPixels: 100_000_000, failOn: 'error' })
  .rotate()
  .resize(1200, 1200, { fit: 'inside', withoutEnlargement: true })
  .flatten({ background: '#ffffff' })
  .jpeg({ quality: 80 })
  .toFile(thumbnail)
