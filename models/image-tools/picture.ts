import { stat } from 'node:fs/promises'
import { parse } from 'node:path'
import type { ModelFile } from 'sandpit/model'
import sharp, { type Metadata, type ResizeOptions, type Sharp } from 'sharp'
import type { Changes } from './model.ts'

const longestSide = 4096
const mostMegapixels = 50
const clear = { r: 255, g: 255, b: 255, alpha: 0 }

// Memory is what a copy has least of: it keeps nothing of the last picture, and each thread costs some.
sharp.cache(false)
sharp.concurrency(2)

/** A photo whose header has been read. */
export interface Picture {
  readonly photo: ModelFile
  readonly header: Metadata
  readonly megapixels: number
  /** Size, format and weight, for the log. */
  readonly facts: string
}

/** Reads the header, and refuses what is no picture or too large a one. */
export async function open(photo: ModelFile): Promise<Picture> {
  const header = await readHeader(photo)
  const { width, height } = header.autoOrient
  const megapixels = (width * height) / 1e6
  if (header.compression === 'hevc')
    throw new Error(`${photo.name} is HEIC, which cannot be read here. Save it as JPEG first.`)
  if (megapixels > mostMegapixels)
    throw new Error(
      `${photo.name} has ${Math.ceil(megapixels)} megapixels; the most is ${mostMegapixels}. Make it smaller first.`,
    )
  const turned = (header.orientation ?? 1) > 1 ? ', turned upright' : ''
  const facts = describe(header.format, width, height, (await stat(photo.path)).size)
  return { photo, header, megapixels, facts: `${facts}${turned}` }
}

/** Makes the picture that was asked for, named after the photo and what was done to it. */
export async function change({ photo, header }: Picture, changes: Changes) {
  const format = formatOf(header, changes)
  const pipeline = steps(sharp(photo.path), changes)
  const { data, info } = await save(pipeline, format, changes.quality).catch((error) => {
    throw new Error(`${photo.name} could not be worked on. ${firstLine(error)}`, { cause: error })
  })
  return {
    bytes: data,
    name: `${[parse(photo.name).name, ...deeds(changes, info.width)].join('-')}.${endings[format]}`,
    facts: describe(format, info.width, info.height, data.length),
  }
}

async function readHeader(photo: ModelFile): Promise<Metadata> {
  return sharp(photo.path, { limitInputPixels: false })
    .metadata()
    .catch((error) => {
      const advice = 'Choose a JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG.'
      throw new Error(`${photo.name} is not a picture that can be read. ${advice}`, {
        cause: error,
      })
    })
}

/** Turned first, then resized: so `width` is that of the result, whichever way up it is. */
function steps(photo: Sharp, { rotate, greyscale, tint, blur, sharpen, ...frame }: Changes): Sharp {
  const framed = photo
    .autoOrient()
    .rotate(rotate, { background: clear })
    .resize(sizeWithin(frame))
    .greyscale(greyscale)
  const tinted = tint ? framed.tint(tint) : framed
  const blurred = blur >= leastBlur ? tinted.blur(blur) : tinted
  return sharpen > 0 ? blurred.sharpen({ sigma: sharpen }) : blurred
}

/** Below this the library has nothing to do. */
const leastBlur = 0.3

const fits = { whole: 'inside', crop: 'cover', stretch: 'fill' } as const

function sizeWithin({ width, height, fit }: Pick<Changes, 'width' | 'height' | 'fit'>) {
  return {
    width: width ?? longestSide,
    height: height ?? longestSide,
    fit: width && height ? fits[fit] : 'inside',
    position: 'attention',
    withoutEnlargement: !width && !height,
  } satisfies ResizeOptions
}

const endings = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif' } as const
type Format = keyof typeof endings

function formatOf({ format }: Metadata, changes: Changes): Format {
  if (changes.format !== 'same') return changes.format
  if (format === 'heif') return 'avif'
  return format === 'jpeg' || format === 'webp' ? format : 'png'
}

function save(picture: Sharp, format: Format, quality: number) {
  const encoded = {
    jpeg: () => picture.flatten({ background: 'white' }).jpeg({ quality, mozjpeg: true }),
    png: () => picture.png(),
    webp: () => picture.webp({ quality }),
    // The default effort takes five times as long over a large photo, for no smaller a file.
    avif: () => picture.avif({ quality, effort: 2 }),
  }
  return encoded[format]().toBuffer({ resolveWithObject: true })
}

function deeds(changes: Changes, width: number): string[] {
  return [
    changes.width || changes.height ? String(width) : '',
    changes.rotate ? 'turned' : '',
    changes.tint ? 'tinted' : changes.greyscale ? 'grey' : '',
    changes.blur >= leastBlur ? 'blurred' : '',
    changes.sharpen ? 'sharp' : '',
  ].filter((deed) => deed !== '')
}

function describe(format: string, width: number, height: number, bytes: number): string {
  return `${width} × ${height} ${format}, ${(bytes / 1024).toFixed(1)} KB`
}

function firstLine(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n')
  return /[.!?]$/.test(line) ? line : `${line}.`
}
