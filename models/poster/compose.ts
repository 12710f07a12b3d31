import sharp from 'sharp'

sharp.cache(false)
sharp.concurrency(2)

/** Lengths in pixels, all of them parts of the width. */
export interface Measures {
  readonly width: number
  readonly height: number
  readonly frame: number
  /** The side of the square that holds the code. */
  readonly code: number
}

export function measuresOf(width: number): Measures {
  const part = (share: number) => Math.round(width * share)
  return { width, height: part(4 / 3), frame: part(0.03), code: part(0.26) }
}

export interface Parts {
  /** Paths of pictures of those measures. */
  readonly picture: string
  readonly code: string
  readonly colour: string
  readonly measures: Measures
}

/** The picture in a frame, and in its lower right corner the code, in a frame of the same colour. */
export async function compose({ picture, code, colour, measures }: Parts): Promise<Buffer> {
  const { width, height, frame } = measures
  const framed = await sharp(code)
    .resize(measures.code, measures.code, { kernel: 'nearest' })
    .extend({ top: frame, left: frame, bottom: 0, right: 0, background: colour })
    .toBuffer()
  return sharp(picture)
    .resize(width, height)
    .composite([
      { input: Buffer.from(frameOf(measures, colour)), left: 0, top: 0 },
      {
        input: framed,
        left: width - measures.code - 2 * frame,
        top: height - measures.code - 2 * frame,
      },
    ])
    .png()
    .toBuffer()
}

function frameOf({ width, height, frame }: Measures, colour: string): string {
  const half = frame / 2
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect x="${half}" y="${half}" width="${width - frame}" height="${height - frame}" ` +
    `fill="none" stroke="${colour}" stroke-width="${frame}"/></svg>`
  )
}
