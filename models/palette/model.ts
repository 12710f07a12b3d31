import { defineModel, file, z } from 'sandpit/model'

const colour = z.object({
  hex: z.string(),
  share: z.number(),
  name: z.string(),
})

export type Colour = z.output<typeof colour>

export const palette = defineModel({
  name: 'sandpit/palette',
  description: 'Finds the colours that a photo is made of, and how much of it each one covers.',
  input: z.object({
    photo: file({ accept: 'image/*' }).describe(
      'JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG, up to 50 megapixels.',
    ),
    colours: z
      .int()
      .min(2)
      .max(12)
      .default(6)
      .describe('The most to find. A plain picture may have fewer.'),
    ignore_extremes: z
      .boolean()
      .default(false)
      .describe('Leave out what is nearly white or nearly black, such as paper and shadow.'),
  }),
  output: z.object({
    colours: z.array(colour).describe('The largest first. The shares add up to 1.'),
    swatch: file().describe('The same colours as a picture.'),
  }),
  copies: 2,
  timeout: 60,
  // Imported late: the image library takes longer to load than a description may cost.
  setup: () => Promise.all([import('./picture.ts'), import('./swatch.ts')]),
  async run({ photo, colours: most, ignore_extremes: ignoreExtremes }, ctx) {
    const [{ readPixels }, { dominantColours }, { drawSwatch }] = await Promise.all([
      import('./picture.ts'),
      import('./dominant.ts'),
      import('./swatch.ts'),
    ])
    const pixels = await readPixels(photo, { ignoreExtremes })
    const colours = dominantColours(pixels, most)
    ctx.log(`${colours.length} colours among ${pixels.length} points of ${photo.name}`)
    const swatch = await drawSwatch(photo.name, colours)
    return { colours, swatch: ctx.file(swatch.bytes, { name: swatch.name }) }
  },
})
