import { defineModel, file, z } from 'sandpit/model'

const colour = z
  .string()
  .max(7)
  .regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour such as #0c2731')

const input = z.object({
  text: z.string().describe('What a phone reads: an address, a sentence, a number.'),
  correction: z
    .enum(['L', 'M', 'Q', 'H'])
    .default('M')
    .describe('How much may be lost: *L* 7 %, *M* 15 %, *Q* 25 %, *H* 30 %. More is denser.'),
  format: z
    .enum(['png', 'svg'])
    .default('png')
    .describe('*png* is ready to use, *svg* stays sharp at any size.'),
  size: z.int().min(32).max(4096).default(512).describe('Width and height in pixels.'),
  margin: z
    .int()
    .min(0)
    .max(20)
    .default(4)
    .describe('The light border, in squares of the code. Scanners ask for 4.'),
  dark: colour.default('#000000').describe('The colour of the squares, such as `#0c2731`.'),
  light: colour.default('#ffffff').describe('What is behind them. The lighter, the better.'),
})

export type Wishes = z.output<typeof input>

export const qrCode = defineModel({
  name: 'sandpit/qr-code',
  description: 'Makes a QR code of a text, as a PNG or as an SVG.',
  input,
  output: file(),
  copies: 2,
  timeout: 30,
  memory: 512,
  // Imported late: the image library takes longer to load than a description may cost.
  setup: () => Promise.all([import('./squares.ts'), import('./picture.ts')]),
  async run(wishes, ctx) {
    const [{ checkColours }, { squaresOf }, { frameOf, toPng, toSvg }] = await Promise.all([
      import('./contrast.ts'),
      import('./squares.ts'),
      import('./picture.ts'),
    ])
    const warning = checkColours(wishes)
    const squares = squaresOf(wishes)
    const frame = frameOf(squares, wishes)
    ctx.log(`${squares.length} × ${squares.length} squares of ${frame.square} pixels`)
    if (warning) ctx.log(warning)
    const bytes = wishes.format === 'svg' ? toSvg(frame) : await toPng(frame)
    return ctx.file(bytes, { name: `qr-code.${wishes.format}` })
  },
})
