import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormValues } from '../support/visitor.ts'
import { exampleOf, openTrial, type Trial } from './trial.ts'

const { photo } = exampleOf('palette') as { photo: File }

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

interface Found {
  readonly colours: readonly {
    readonly hex: string
    readonly share: number
    readonly name: string
  }[]
  readonly swatch: string
}

async function find(inputs: FormValues) {
  const prediction = await trial.run('palette', { photo, ...inputs })
  expect(prediction.error).toBeNull()
  const { colours, swatch } = prediction.output as unknown as Found
  return { colours, swatch: await trial.made({ ...prediction, output: swatch }) }
}

async function failure(inputs: FormValues) {
  const prediction = await trial.run('palette', inputs)
  expect(prediction.status).toBe('failed')
  return prediction.error
}

/** Stripes of colours, each as wide as it says. */
async function stripes(name: string, parts: Readonly<Record<string, number>>) {
  let left = 0
  const rects = Object.entries(parts).map(([colour, width]) => {
    left += width
    return `<rect x="${left - width}" width="${width}" height="100" fill="${colour}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${left}" height="100" shape-rendering="crispEdges">${rects.join('')}</svg>`
  const bytes = await sharp(Buffer.from(svg)).toFormat('png').toBuffer()
  return new File([new Uint8Array(bytes)], name)
}

async function colourAt(bytes: Buffer, left: number, top: number) {
  const point = sharp(bytes).extract({ left, top, width: 1, height: 1 })
  return `#${(await point.raw().toBuffer()).toString('hex').slice(0, 6)}`
}

describe('palette', () => {
  it('finds the colours of a picture, and how much of it each one covers', async () => {
    const flag = await stripes('flag.png', { '#d32a24': 50, '#152449': 30, '#f5df3d': 20 })
    const { colours } = await find({ photo: flag })
    expect(colours).toEqual([
      { hex: '#d32a24', share: 0.5, name: 'red' },
      { hex: '#152449', share: 0.3, name: 'navy' },
      { hex: '#f5df3d', share: 0.2, name: 'yellow' },
    ])
  })

  it('draws them, in equal blocks above a band of their shares', async () => {
    const flag = await stripes('flag.png', { '#d32a24': 75, '#152449': 25 })
    const { swatch } = await find({ photo: flag })
    expect(swatch).toMatchObject({ name: 'flag-palette.png', type: 'image/png' })
    expect(await sharp(swatch.bytes).metadata()).toMatchObject({ width: 960, height: 360 })
    expect(await colourAt(swatch.bytes, 470, 10)).toBe('#d32a24')
    expect(await colourAt(swatch.bytes, 490, 10)).toBe('#152449')
    expect(await colourAt(swatch.bytes, 700, 350)).toBe('#d32a24')
    expect(await colourAt(swatch.bytes, 740, 350)).toBe('#152449')
  })

  it('finds as many as it is asked for in a photo, in shares that add up', async () => {
    for (const most of [2, 7, 12]) {
      const { colours } = await find({ colours: String(most) })
      expect(colours).toHaveLength(most)
      expect(colours.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 2)
      const shares = colours.map(({ share }) => share)
      expect(shares).toEqual(shares.toSorted((a, b) => b - a))
    }
  })

  it('finds the same each time', async () => {
    const [first, second] = [await find({}), await find({})]
    expect(second.colours).toEqual(first.colours)
    expect(second.swatch.sha256).toBe(first.swatch.sha256)
  })

  it('takes colours that look alike as one', async () => {
    const plain = await stripes('plain.png', { '#808080': 60, '#828180': 40 })
    expect((await find({ photo: plain, colours: '12' })).colours).toHaveLength(1)
  })

  it('leaves out what is nearly white or nearly black when asked to', async () => {
    const page = await stripes('page.png', { '#fdfdfc': 60, '#060606': 20, '#2f9444': 20 })
    expect((await find({ photo: page })).colours).toHaveLength(3)
    expect((await find({ photo: page, ignore_extremes: 'true' })).colours).toEqual([
      { hex: '#2f9444', share: 1, name: 'green' },
    ])
  })

  it('does not count what can be seen through', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><path d="M0 0h30v90H0z" fill="#c4218f"/></svg>'
    const { colours } = await find({ photo: new File([svg], 'mark.svg') })
    expect(colours).toEqual([{ hex: '#c4218f', share: 1, name: 'magenta' }])
  })

  it.each([
    ['grey', (flag: Sharp) => flag.greyscale().toColourspace('b-w').png()],
    ['16 bits deep', (flag: Sharp) => flag.toColourspace('rgb16').png()],
    ['in CMYK', (flag: Sharp) => flag.removeAlpha().toColourspace('cmyk').jpeg()],
    ['a GIF', (flag: Sharp) => flag.gif()],
  ])('reads a picture that is %s', async (_what, encode) => {
    const flag = await stripes('flag.png', { '#ffffff': 50, '#000000': 50 })
    const bytes = await encode(sharp(await flag.arrayBuffer())).toBuffer()
    const { colours } = await find({ photo: new File([new Uint8Array(bytes)], 'flag') })
    expect(colours.map(({ share }) => share)).toEqual([0.5, 0.5])
    expect(colours.map(({ name }) => name).sort()).toEqual(['black', 'white'])
  })

  it('reads a picture of one point, and one far wider than high', async () => {
    expect(
      (await find({ photo: await stripes('dot.png', { '#f5df3d': 1 }) })).colours,
    ).toHaveLength(1)
    const wide = await stripes('wide.png', { '#d32a24': 6000, '#152449': 6000 })
    expect((await find({ photo: wide })).colours).toHaveLength(2)
  })
})

describe('palette refuses, in a sentence,', () => {
  it.each([
    ['a text', 'notes.txt', 'Dear diary, today I went to the dunes.'],
    ['nothing at all', 'empty.jpg', ''],
  ])('%s', async (_what, name, content) => {
    expect(await failure({ photo: new File([content], name) })).toBe(
      `${name} is not a picture that can be read. Choose a JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG.`,
    )
  })

  it('a photo that was cut off', async () => {
    const cut = new File([(await photo.arrayBuffer()).slice(0, 6_000)], 'cut.jpg')
    expect(await failure({ photo: cut })).toBe(
      'cut.jpg breaks off or is damaged. Save it anew, then try again.',
    )
  })

  it('a picture that is vast', async () => {
    const vast = '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>'
    expect(await failure({ photo: new File([vast], 'vast.svg') })).toBe(
      'vast.svg has 900 megapixels; the most is 50. Make it smaller first.',
    )
  })

  it('a picture with nothing in it to see', async () => {
    const clear = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"/>'
    expect(await failure({ photo: new File([clear], 'clear.svg') })).toBe(
      'clear.svg is wholly transparent: it has no colours.',
    )
  })

  it('a blank page without its white', async () => {
    const page = await stripes('page.png', { '#ffffff': 40 })
    expect(await failure({ photo: page, ignore_extremes: 'true' })).toBe(
      'All of page.png is nearly white or nearly black. Turn ignore_extremes off for it.',
    )
  })

  it('what does not fit the form, before it runs', async () => {
    for (const inputs of [{ photo, colours: '1' }, { photo, colours: '13' }, {}])
      expect((await trial.visitor.run('sandpit/palette', inputs)).status).toBe(422)
  })
})
