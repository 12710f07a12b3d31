import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormValues } from '../support/visitor.ts'
import { readQrCode } from './qr-reader.ts'
import { openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

async function make(inputs: FormValues) {
  const prediction = await trial.run('qr-code', { text: 'https://example.com/dune', ...inputs })
  expect(prediction.error).toBeNull()
  const made = await trial.made(prediction)
  return { ...made, logs: prediction.logs, header: await sharp(made.bytes).metadata() }
}

async function failure(inputs: FormValues) {
  const prediction = await trial.run('qr-code', { text: 'x', ...inputs })
  expect(prediction.status).toBe('failed')
  return prediction.error
}

async function colourAt(bytes: Buffer, left: number, top: number) {
  const point = sharp(bytes).removeAlpha().extract({ left, top, width: 1, height: 1 })
  return `#${(await point.raw().toBuffer()).toString('hex')}`
}

describe('qr-code', () => {
  it.each(['L', 'M', 'Q', 'H'])('can be read, with correction %s', async (correction) => {
    const { bytes } = await make({ text: 'Dig here!', correction })
    expect(await readQrCode(bytes)).toEqual({ text: 'Dig here!', correction })
  })

  it.each(['Grüße 👋🏽 世界', 'two\nlines', 'WIFI:T:WPA;S:sand;P:a"b;;', ' x '])(
    'holds %j as it is',
    async (text) => {
      const { bytes } = await make({ text, correction: 'L' })
      expect((await readQrCode(bytes)).text).toBe(text)
    },
  )

  it('can be read from an SVG too', async () => {
    const { bytes, name, type } = await make({ text: 'Dig here!', format: 'svg' })
    expect([name, type]).toEqual(['qr-code.svg', 'image/svg+xml'])
    expect(await readQrCode(bytes)).toEqual({ text: 'Dig here!', correction: 'M' })
  })

  it.each([
    ['png', '512'],
    ['png', '333'],
    ['svg', '512'],
    ['svg', '101'],
  ])('makes a %s of exactly %s pixels', async (format, size) => {
    const { header } = await make({ format, size, text: 'Dig here!' })
    expect(header).toMatchObject({ format, width: Number(size), height: Number(size) })
  })

  it.each(['png', 'svg'])('colours a %s as asked', async (format) => {
    const { bytes } = await make({
      dark: '#5C2418',
      light: '#fff1d0',
      format,
      margin: '0',
      size: '210',
      text: 'x',
    })
    expect(await colourAt(bytes, 4, 4)).toBe('#5c2418')
    expect(await colourAt(bytes, 14, 14)).toBe('#fff1d0')
  })

  it('draws the same picture in both formats', async () => {
    const inputs = { text: 'Dig here!', size: '300', dark: '#0c2731', margin: '2' }
    const [png, svg] = [await make(inputs), await make({ ...inputs, format: 'svg' })]
    const pixels = ({ bytes }: { bytes: Buffer }) => sharp(bytes).removeAlpha().raw().toBuffer()
    expect((await pixels(svg)).equals(await pixels(png))).toBe(true)
  })

  it('says how large its squares are, and warns of colours that are the wrong way round', async () => {
    const { logs } = await make({ dark: '#ffffff', light: '#000000', text: 'x', size: '290' })
    expect(logs).toContain('21 × 21 squares of 10 pixels\n')
    expect(logs).toContain('Dark is lighter than light: some scanners cannot read that.')
  })

  it('makes the same each time', async () => {
    expect((await make({})).sha256).toBe((await make({})).sha256)
  })

  it('holds as much as a code can', async () => {
    const { logs } = await make({ text: 'a'.repeat(2953), correction: 'L' })
    expect(logs).toContain('177 × 177 squares')
  })
})

describe('qr-code refuses, in a sentence,', () => {
  it('a text that no code holds', async () => {
    expect(await failure({ text: 'ü'.repeat(1500), correction: 'L' })).toBe(
      'The text is too long: it takes 3000 bytes, and a code with correction L holds 2953. Shorten it.',
    )
    expect(await failure({ text: 'a'.repeat(1300), correction: 'H' })).toBe(
      'The text is too long: it takes 1300 bytes, and a code with correction H holds 1273. Shorten it, or choose less correction.',
    )
  })

  it('a size that the code does not fit in', async () => {
    expect(await failure({ text: 'a'.repeat(400), size: '60' })).toMatch(
      /^A size of 60 is too small for this text: it needs \d+ pixels or more\.$/,
    )
  })

  it.each([{ dark: 'black' }, { light: '#fff' }, { dark: '#00000g' }])(
    'what is no colour: %j',
    async (inputs) => {
      const [name] = Object.keys(inputs)
      expect(await failure(inputs)).toContain(`${name}: is not a colour such as #0c2731`)
    },
  )

  it('colours that are too much alike', async () => {
    expect(await failure({ dark: '#aaaaaa', light: '#ffffff' })).toBe(
      'No scanner can tell #aaaaaa from #ffffff. Choose a darker dark or a lighter light.',
    )
  })

  it('what does not fit the form, before it runs', async () => {
    for (const inputs of [{}, { text: 'x', size: '8' }, { text: 'x', correction: 'X' }])
      expect((await trial.visitor.run('sandpit/qr-code', inputs)).status).toBe(422)
  })
})
