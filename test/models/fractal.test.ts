import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { eventually } from '../support/eventually.ts'
import type { FormValues } from '../support/visitor.ts'
import { openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

const small = { size: '256', iterations: '60' }

async function draw(inputs: FormValues) {
  const prediction = await trial.run('fractal', { ...small, ...inputs })
  expect(prediction.error).toBeNull()
  return Promise.all((prediction.output as string[]).map((output) => picture(prediction, output)))
}

async function picture(prediction: Prediction, output: string) {
  const made = await trial.made({ ...prediction, output })
  return { ...made, header: await sharp(made.bytes).metadata() }
}

async function full(inputs: FormValues) {
  const pictures = await draw(inputs)
  const last = pictures.at(-1)
  if (!last) throw new Error('It drew nothing')
  return last
}

async function colourAt(bytes: Buffer, left: number, top: number) {
  const point = sharp(bytes).extract({ left, top, width: 1, height: 1 })
  return [...(await point.raw().toBuffer())]
}

const inside = [18, 11, 30]

describe('fractal', () => {
  it('draws previews, each of twice the size of the last, and then the whole', async () => {
    const pictures = await draw({})
    expect(pictures.map(({ header }) => [header.format, header.width, header.height])).toEqual(
      [32, 64, 128, 256].map((side) => ['png', side, side]),
    )
    expect(pictures.at(-1)).toMatchObject({ name: 'mandelbrot-256.png', type: 'image/png' })
  })

  it('draws the Mandelbrot set: what stays in it, what leaves around it', async () => {
    const { bytes } = await full({})
    // The picture is 3 wide around -0.65: this is where 0, -1 and 0.9 + i are.
    expect(await colourAt(bytes, 183, 128)).toEqual(inside)
    expect(await colourAt(bytes, 98, 128)).toEqual(inside)
    expect(await colourAt(bytes, 250, 20)).not.toEqual(inside)
  })

  it('draws it the right way up and as close as asked', async () => {
    const { bytes } = await full({ x: '-0.1225', y: '0.7449', zoom: '20' })
    expect(await colourAt(bytes, 128, 128)).toEqual(inside)
    const above = await full({ x: '0', y: '1.5', zoom: '4' })
    expect(await colourAt(above.bytes, 128, 10)).not.toEqual(inside)
  })

  it('draws each Julia set, which is the same upside down', async () => {
    const drawn = await Promise.all(
      ['spiral', 'rabbit', 'dendrite', 'frost'].map((julia) => full({ kind: 'julia', julia })),
    )
    expect(new Set(drawn.map(({ sha256 }) => sha256)).size).toBe(4)
    for (const { name, bytes } of drawn) {
      expect(name).toBe('julia-256.png')
      expect(await colourAt(bytes, 90, 100)).toEqual(await colourAt(bytes, 255 - 90, 255 - 100))
    }
  })

  it('draws the same to the last bit each time, and other colours in others', async () => {
    const [first, second] = [await full({}), await full({})]
    expect(second.sha256).toBe(first.sha256)
    const others = await Promise.all(['ember', 'tide', 'ink'].map((colours) => full({ colours })))
    expect(new Set([first, ...others].map(({ sha256 }) => sha256)).size).toBe(4)
  })

  it('goes as deep as numbers do', async () => {
    const { header } = await full({ x: '-0.7463', y: '0.1102', zoom: '1e12' })
    expect(header).toMatchObject({ width: 256, height: 256 })
  })

  it('says how far it is while it shows what it has, and stops when canceled', async () => {
    const inputs = { size: '1024', iterations: '5000', zoom: '30', x: '-0.1', y: '0' }
    const id = await trial.start('fractal', inputs)
    const read = () => trial.sandpit.runner.find(id)
    await eventually(async () =>
      expect(await read()).toMatchObject({
        output: [expect.stringContaining('mandelbrot-128.png')],
        progress: {
          fraction: expect.any(Number),
          label: expect.stringMatching(/^Preview 2 of 3: row \d+ of 256$/),
          eta: expect.any(Number),
        },
      }),
    )
    await trial.sandpit.runner.cancel(id)
    const { status, output } = await trial.settled(id)
    expect({ status, pictures: (output as string[]).length }).toEqual({
      status: 'canceled',
      pictures: 1,
    })
    expect(await full({})).toMatchObject({ name: 'mandelbrot-256.png' })
  })

  it.each([
    { size: '300' },
    { iterations: '5' },
    { zoom: '0' },
    { zoom: '1e13' },
    { x: '3' },
    { kind: 'newton' },
  ])('does not start with %j', async (inputs) => {
    expect((await trial.visitor.run('sandpit/fractal', inputs)).status).toBe(422)
  })
})
