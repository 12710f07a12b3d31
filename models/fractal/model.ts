import { defineModel, file, z } from 'sandpit/model'

const input = z.object({
  kind: z
    .enum(['mandelbrot', 'julia'])
    .default('mandelbrot')
    .describe('*mandelbrot* is the map, and each place on it has a *julia* of its own.'),
  julia: z
    .enum(['spiral', 'rabbit', 'dendrite', 'frost'])
    .default('spiral')
    .describe('Which Julia set, when `kind` is one.'),
  x: z
    .number()
    .min(-2)
    .max(2)
    .optional()
    .describe('The middle of the picture, left to right. Blank is the middle of the whole.'),
  y: z
    .number()
    .min(-2)
    .max(2)
    .optional()
    .describe('The middle of the picture, bottom to top. Blank is the middle of the whole.'),
  zoom: z
    .number()
    .min(0.5)
    .max(1e12)
    .default(1)
    .describe('How many times closer than the whole. Deeper in, more `iterations` tell more.'),
  size: z
    .literal([256, 512, 1024])
    .default(512)
    .describe('Width and height in pixels. Each step takes four times as long.'),
  iterations: z
    .int()
    .min(20)
    .max(5000)
    .default(400)
    .describe('How long to follow a point before it is taken to stay.'),
  colours: z
    .enum(['dusk', 'ember', 'tide', 'ink'])
    .default('dusk')
    .describe('From the far points to those that barely leave.'),
})

export type View = z.output<typeof input>

export const fractal = defineModel({
  name: 'sandpit/fractal',
  description: 'Draws the Mandelbrot set and its Julia sets, coarse at first and then in full.',
  input,
  output: file(),
  copies: 2,
  timeout: 900,
  memory: 512,
  // Imported late: the image library takes longer to load than a description may cost.
  setup: () => import('./drawing.ts'),
  async *run(view, ctx) {
    const [{ createPace }, { stagesOf }, { draw }] = await Promise.all([
      import('./pace.ts'),
      import('./stages.ts'),
      import('./drawing.ts'),
    ])
    const stages = stagesOf(view.size)
    const pace = createPace(stages, ctx)
    for (const stage of stages) {
      const png = await draw(view, stage, pace)
      ctx.log(`${stage.label}, ${stage.side} × ${stage.side}`)
      yield ctx.file(png, { name: `${view.kind}-${stage.side}.png` })
    }
  },
})
