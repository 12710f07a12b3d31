import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormValues } from '../support/visitor.ts'
import { exampleOf, openTrial, type Trial } from './trial.ts'

const { photo } = exampleOf('image-tools') as { photo: File }
const sizes = { width: 1200, height: 750 }

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

/** Runs it, and looks at the picture it made. */
async function make(inputs: FormValues) {
  const prediction = await trial.run('image-tools', { photo, ...inputs })
  expect(prediction.error).toBeNull()
  const made = await trial.made(prediction)
  return { ...made, logs: prediction.logs, header: await sharp(made.bytes).metadata() }
}

async function failure(inputs: FormValues) {
  const prediction = await trial.run('image-tools', { photo, ...inputs })
  expect(prediction.status).toBe('failed')
  return prediction.error
}

/** A picture of one colour, or of what an SVG draws. */
async function draw(name: string, from: { width: number; height: number } | string) {
  const plain = { channels: 3, background: '#c04020' } as const
  const picture =
    typeof from === 'string' ? sharp(Buffer.from(from)) : sharp({ create: { ...from, ...plain } })
  const bytes = await picture.toFormat(name.endsWith('gif') ? 'gif' : 'jpeg').toBuffer()
  return new File([new Uint8Array(bytes)], name)
}

async function colourAt(bytes: Buffer, left: number, top: number) {
  const point = sharp(bytes).extract({ left, top, width: 1, height: 1 })
  return [...(await point.raw().toBuffer())]
}

async function sharpness(bytes: Buffer) {
  return (await sharp(bytes).stats()).sharpness
}

describe('image-tools', () => {
  it('leaves a photo as it is when asked for nothing', async () => {
    const made = await make({})
    expect(made).toMatchObject({ name: 'photo.jpg', type: 'image/jpeg', header: sizes })
  })

  it('logs what came in and what went out', async () => {
    const { logs } = await make({ width: '300' })
    expect(logs).toMatch(/^In: {2}photo\.jpg, 1200 × 750 jpeg, [\d.]+ KB$/m)
    expect(logs).toMatch(/^Out: photo-300\.jpg, 300 × 188 jpeg, [\d.]+ KB$/m)
  })

  it.each([
    [{ width: '600' }, [600, 375]],
    [{ height: '300' }, [480, 300]],
    [{ width: '2400' }, [2400, 1500]],
    [{ width: '400', height: '400' }, [400, 250]],
    [{ width: '400', height: '400', fit: 'crop' }, [400, 400]],
    [{ width: '400', height: '400', fit: 'stretch' }, [400, 400]],
    [{ rotate: '90' }, [750, 1200]],
    [{ rotate: '-90', width: '300' }, [300, 480]],
    [{ width: '1', height: '1' }, [1, 1]],
  ] as const)('makes of %j a picture of %j', async (inputs, [width, height]) => {
    expect((await make(inputs)).header).toMatchObject({ width, height })
  })

  it.each([
    ['jpeg', 'photo.jpg', 'image/jpeg'],
    ['png', 'photo.png', 'image/png'],
    ['webp', 'photo.webp', 'image/webp'],
    ['avif', 'photo.avif', 'image/avif'],
  ])('saves as %s', async (format, name, type) => {
    expect(await make({ format, width: '' })).toMatchObject({ name, type })
  })

  it('names the result after what it did', async () => {
    const inputs = { width: '300', rotate: '10', greyscale: 'true', blur: '2', sharpen: '1' }
    const { name } = await make({ ...inputs, format: 'webp' })
    expect(name).toBe('photo-300-turned-grey-blurred-sharp.webp')
  })

  it('takes the colours out', async () => {
    const { bytes } = await make({ greyscale: 'true' })
    const [red, green, blue] = await colourAt(bytes, 600, 200)
    expect(green).toBe(red)
    expect(blue).toBe(red)
  })

  it('puts one colour in place of the others', async () => {
    const { bytes } = await make({ tint: '#0000FF', format: 'png' })
    const [red = 0, , blue = 0] = await colourAt(bytes, 600, 200)
    expect(blue).toBeGreaterThan(red)
  })

  it('leaves the corners of a slanted photo clear, and white in a JPEG', async () => {
    const { bytes } = await make({ rotate: '30', format: 'png' })
    expect((await colourAt(bytes, 0, 0)).at(3)).toBe(0)
    expect(await colourAt((await make({ rotate: '30' })).bytes, 0, 0)).toEqual([255, 255, 255])
  })

  it('blurs', async () => {
    const [blurred, plain] = [await make({ blur: '3' }), await make({})]
    expect(await sharpness(blurred.bytes)).toBeLessThan(await sharpness(plain.bytes))
  })

  it('sharpens', async () => {
    const [plain, sharpened] = [await make({}), await make({ sharpen: '3' })]
    expect(await sharpness(plain.bytes)).toBeLessThan(await sharpness(sharpened.bytes))
  })

  it('makes a smaller file at a lower quality', async () => {
    const [high, low] = [await make({ quality: '95' }), await make({ quality: '20' })]
    expect(low.size).toBeLessThan(high.size)
  })

  it('sets a photo upright that was stored on its side, and forgets the rest of its notes', async () => {
    const stored = await sharp(await photo.arrayBuffer())
      .withMetadata({ orientation: 6, exif: { IFD0: { Copyright: 'someone' } } })
      .toBuffer()
    const { header, logs } = await make({ photo: new File([new Uint8Array(stored)], 'phone.jpg') })
    expect(header).toMatchObject({ width: 750, height: 1200 })
    expect(header.exif).toBeUndefined()
    expect(logs).toContain('turned upright')
  })

  it('makes a PNG of what it reads but does not write', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>'
    expect(await make({ photo: new File([svg], 'mark.svg') })).toMatchObject({
      name: 'mark.png',
      header: { format: 'png', width: 40, height: 20 },
    })
    const gif = await draw('wave.gif', { width: 30, height: 30 })
    expect(await make({ photo: gif })).toMatchObject({ name: 'wave.png' })
  })

  it('keeps the result within 4096 pixels', async () => {
    const wide = await draw('wide.jpg', { width: 6000, height: 30 })
    expect((await make({ photo: wide })).header).toMatchObject({ width: 4096, height: 20 })
    const tall = await draw('tall.jpg', { width: 10, height: 6000 })
    expect((await make({ photo: tall, width: '4096' })).header).toMatchObject({
      width: 7,
      height: 4096,
    })
  })
})

describe('image-tools refuses, in a sentence,', () => {
  it.each([
    ['a text', 'notes.txt', 'Dear diary, today I went to the dunes.'],
    ['nothing at all', 'empty.jpg', ''],
    ['what only begins as a picture does', 'half.png', '\x89PNG\r\n\x1a\n'],
  ])('%s', async (_what, name, content) => {
    expect(await failure({ photo: new File([content], name) })).toMatch(
      new RegExp(`^${name} is not a picture that can be read\\. Choose a JPEG, .* or SVG\\.$`),
    )
  })

  it('a photo that was cut off', async () => {
    const cut = new File([(await photo.arrayBuffer()).slice(0, 9_000)], 'cut.jpg')
    expect(await failure({ photo: cut })).toMatch(/^cut\.jpg could not be worked on\. .+\.$/)
  })

  it('a picture that is small as a file and vast as a picture', async () => {
    const vast = '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>'
    expect(await failure({ photo: new File([vast], 'vast.svg') })).toBe(
      'vast.svg has 900 megapixels; the most is 50. Make it smaller first.',
    )
  })

  it('a tint that is no colour', async () => {
    expect(await failure({ tint: 'sand' })).toContain('tint: is not a colour such as #f2c230')
  })

  it('what does not fit the form, before it runs', async () => {
    for (const inputs of [{ width: '0' }, { width: '5000' }, { blur: '51' }, { format: 'bmp' }]) {
      const response = await trial.visitor.run('sandpit/image-tools', { photo, ...inputs })
      expect(response.status).toBe(422)
    }
    expect((await trial.visitor.run('sandpit/image-tools', {})).status).toBe(422)
  })

  it('and serves the next all the same', async () => {
    await failure({ photo: new File(['no'], 'no.jpg') })
    expect(await make({ width: '20' })).toMatchObject({ header: { width: 20 } })
  })
})
