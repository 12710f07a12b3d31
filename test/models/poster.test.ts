import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readQrCode } from './qr-reader.ts'
import { exampleOf, openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

const example = exampleOf('poster')

describe('poster', () => {
  it('puts a code that can be read on the photo', async () => {
    const made = await trial.made(await trial.run('poster', { ...example, width: '600' }))
    expect(await sharp(made.bytes).metadata()).toMatchObject({ width: 600, height: 800 })
    const code = { left: 600 - 156 - 18, top: 800 - 156 - 18, width: 156, height: 156 }
    const shown = await sharp(made.bytes)
      .extract(code)
      .resize(690, 690, { kernel: 'nearest' })
      .png()
    const { text } = await readQrCode(await shown.toBuffer())
    expect(text).toBe('https://example.com/summer')
  })

  it('asks two models, whose predictions are kept beside its own', async () => {
    const prediction = await trial.run('poster', example)
    const asked = await trial.sandpit.store.childrenOf(prediction.id)
    expect(asked.map(({ model, status }) => `${model.name} ${status}`).sort()).toEqual([
      'image-tools succeeded',
      'qr-code succeeded',
    ])
    const page = await (await trial.visitor.request(`/p/${prediction.id}`)).text()
    for (const { id } of asked) expect(page).toContain(`href="/p/${id}"`)
  })

  it('says what the other model said when that failed', async () => {
    const photo = new File(['no picture'], 'notes.png')
    const { error } = await trial.run('poster', { ...example, photo })
    expect(error).toMatch(/^sandpit\/image-tools: notes\.png is not a picture/)
  })
})
