import type { ModelFile } from 'sandpit/model'
import sharp, { type Metadata } from 'sharp'
import { isExtreme, type Rgb } from './colour.ts'

/** As many points as tell the colours of a photo, and few enough to be counted in no time. */
const sideOfSample = 160
const mostMegapixels = 50
const leastOpacity = 128

sharp.cache(false)
sharp.concurrency(2)

/** The colours of evenly spread points of a photo. What can be seen through does not count. */
export async function readPixels(
  photo: ModelFile,
  { ignoreExtremes }: { readonly ignoreExtremes: boolean },
): Promise<Rgb[]> {
  refuseUnfit(photo, await readHeader(photo))
  const seen = opaque(await sample(photo))
  if (seen.length === 0) throw new Error(`${photo.name} is wholly transparent: it has no colours.`)
  const pixels = ignoreExtremes ? seen.filter((pixel) => !isExtreme(pixel)) : seen
  if (pixels.length > 0) return pixels
  throw new Error(
    `All of ${photo.name} is nearly white or nearly black. Turn ignore_extremes off for it.`,
  )
}

async function readHeader(photo: ModelFile): Promise<Metadata> {
  return sharp(photo.path, { limitInputPixels: false })
    .metadata()
    .catch((cause) => {
      const advice = 'Choose a JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG.'
      throw new Error(`${photo.name} is not a picture that can be read. ${advice}`, { cause })
    })
}

function refuseUnfit({ name }: ModelFile, { compression, width, height }: Metadata): void {
  const megapixels = Math.ceil((width * height) / 1e6)
  if (compression === 'hevc')
    throw new Error(`${name} is HEIC, which cannot be read here. Save it as JPEG first.`)
  if (megapixels > mostMegapixels)
    throw new Error(
      `${name} has ${megapixels} megapixels; the most is ${mostMegapixels}. Make it smaller first.`,
    )
}

/** Points are picked rather than mixed, so that no colour is found which is not there. */
async function sample(photo: ModelFile): Promise<Buffer> {
  return sharp(photo.path)
    .toColourspace('srgb')
    .resize(sideOfSample, sideOfSample, {
      fit: 'inside',
      withoutEnlargement: true,
      kernel: 'nearest',
      fastShrinkOnLoad: false,
    })
    .ensureAlpha()
    .raw()
    .toBuffer()
    .catch((cause) => {
      throw new Error(`${photo.name} breaks off or is damaged. Save it anew, then try again.`, {
        cause,
      })
    })
}

function opaque(bytes: Buffer): Rgb[] {
  const pixels: Rgb[] = []
  for (let at = 0; at + 3 < bytes.length; at += 4) {
    const [red = 0, green = 0, blue = 0, opacity = 0] = bytes.subarray(at, at + 4)
    if (opacity >= leastOpacity) pixels.push([red, green, blue])
  }
  return pixels
}
