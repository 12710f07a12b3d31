import { defineModel, file, z } from 'sandpit/model'

const side = z.int().min(1).max(4096)

const input = z.object({
  photo: file({ accept: 'image/*' }).describe(
    'JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG, up to 50 megapixels.',
  ),
  width: side.optional().describe('In pixels. Blank follows from `height`, or keeps the size.'),
  height: side.optional().describe('In pixels. Blank follows from `width`, or keeps the size.'),
  fit: z
    .enum(['whole', 'crop', 'stretch'])
    .default('whole')
    .describe(
      'How to fill a `width` and a `height` of another shape. *whole* stays within them, *crop* ' +
        'keeps the part that draws the eye, *stretch* squeezes.',
    ),
  rotate: z
    .int()
    .min(-180)
    .max(180)
    .default(0)
    .describe('Degrees clockwise. The corners of a slanted photo are clear, or white in a JPEG.'),
  greyscale: z.boolean().default(false).describe('Take the colours out.'),
  tint: z
    .string()
    .max(7)
    .regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour such as #f2c230')
    .optional()
    .describe('One colour in place of all others, such as `#f2c230`. Light and dark stay.')
    .meta({ format: 'color' }),
  blur: z.number().min(0).max(50).default(0).describe('In pixels of the result. 0 is none.'),
  sharpen: z.number().min(0).max(10).default(0).describe('1 is gentle, 3 is a lot. 0 is none.'),
  format: z
    .enum(['same', 'jpeg', 'png', 'webp', 'avif'])
    .default('same')
    .describe('*same* keeps JPEG, PNG, WebP and AVIF as they are, and makes a PNG of the rest.'),
  quality: z
    .int()
    .min(1)
    .max(100)
    .default(82)
    .describe('Higher looks better and is larger. A PNG is always exact.'),
})

export type Changes = Omit<z.output<typeof input>, 'photo'>

export const imageTools = defineModel({
  name: 'sandpit/image-tools',
  description: 'Resizes, turns, colours, blurs and sharpens a photo, and saves it as you want it.',
  input,
  output: file(),
  copies: 2,
  timeout: 120,
  memory: 1536,
  // Imported late: the image library takes longer to load than a description may cost.
  setup: () => import('./picture.ts'),
  async run({ photo, ...changes }, ctx) {
    const { change, open } = await import('./picture.ts')
    ctx.progress({ label: 'Reading' })
    const picture = await open(photo)
    ctx.log(`In:  ${photo.name}, ${picture.facts}`)

    ctx.progress({ label: `Working on ${picture.megapixels.toFixed(1)} megapixels` })
    const made = await change(picture, changes)
    ctx.log(`Out: ${made.name}, ${made.facts}`)
    return ctx.file(made.bytes, { name: made.name })
  },
})
