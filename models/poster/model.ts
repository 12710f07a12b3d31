import { defineModel, file, type ModelFile, type RunContext, z } from 'sandpit/model'

const input = z.object({
  photo: file({ accept: 'image/*' }).describe('The whole of the poster: its middle is kept.'),
  link: z.string().max(300).describe('Where the code in the corner leads.'),
  look: z
    .enum(['as it is', 'black and white', 'one colour'])
    .default('one colour')
    .describe('What becomes of the colours of the photo.'),
  colour: z
    .string()
    .max(7)
    .regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour such as #b2442f')
    .default('#b2442f')
    .describe('Of the frame, and of the photo in *one colour*. A dark one suits the code best.'),
  width: z
    .int()
    .min(300)
    .max(3000)
    .default(1200)
    .describe('In pixels. A third more is its height.'),
})

type Wishes = z.output<typeof input>

export const poster = defineModel({
  name: 'sandpit/poster',
  description: 'Makes a poster of a photo and a link, with the help of two other models.',
  input,
  output: file(),
  timeout: 180,
  memory: 1024,
  async run(wishes, ctx) {
    const { compose, measuresOf } = await import('./compose.ts')
    const measures = measuresOf(wishes.width)
    ctx.progress({ fraction: 0.1, label: 'Asking for the picture and the code' })
    const [picture, code] = await Promise.all([
      askForFile(ctx, 'sandpit/image-tools', pictureWanted(wishes, measures)),
      askForFile(ctx, 'sandpit/qr-code', {
        text: wishes.link,
        size: measures.code,
        dark: wishes.colour,
        margin: 2,
      }),
    ])
    ctx.progress({ fraction: 0.9, label: 'Putting them together' })
    const bytes = await compose({ picture: picture.path, code: code.path, measures, ...wishes })
    return ctx.file(bytes, { name: 'poster.png' })
  },
})

function pictureWanted(
  { photo, look, colour }: Wishes,
  { width, height }: { readonly width: number; readonly height: number },
) {
  const colours = {
    'as it is': {},
    'black and white': { greyscale: true },
    'one colour': { tint: colour },
  }
  return { photo, width, height, fit: 'crop', sharpen: 1, format: 'png', ...colours[look] }
}

/** Both models make one file. */
async function askForFile(ctx: RunContext, model: string, wanted: object): Promise<ModelFile> {
  return (await ctx.run(model, { ...wanted })) as ModelFile
}
