import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  taker: `
    import { readFileSync } from 'node:fs'
    import { defineModel, file, z } from 'sandpit/model'
    export const taker = defineModel({
      name: 'test/taker',
      description: 'Takes a lot.',
      input: z.object({ text: z.string().default(''), picture: file().optional() }),
      output: z.any(),
      run: ({ text, picture }) => ({
        text: text.length,
        bytes: picture ? readFileSync(picture.path).length : 0,
      }),
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_API_TOKENS: 'a-token' },
  })
})
afterAll(() => sandpit.close())

const ask = (input: object) =>
  sandpit.app.request('/v1/models/test/taker/predictions', {
    method: 'POST',
    headers: { Authorization: 'Bearer a-token', 'Content-Type': 'application/json' },
    body: JSON.stringify({ input }),
  })

describe('an input that is large', () => {
  it('is refused by the name of its field when it is text', async () => {
    const answer = await ask({ text: 'x'.repeat(9_000_000) })
    expect(answer.status).toBe(422)
    expect(JSON.stringify(await answer.json())).toMatch(/input\.text.*8 MB of text/)
    const form = await createVisitor(sandpit).run('test/taker', { text: 'x'.repeat(9_000_000) })
    expect(form.status).toBe(422)
    expect(await form.text()).toContain('All inputs together may have 8 MB of text')
    expect((await ask({ text: 'x'.repeat(5_000_000) })).status).toBe(201)
  })

  it('is a file of its prediction when it is a file that came as data', async () => {
    const bytes = Buffer.alloc(5_000_000, 7)
    const picture = `data:image/png;base64,${bytes.toString('base64')}`
    const answer = await ask({ picture })
    expect(answer.status).toBe(201)
    const { id, input } = await answer.json()
    expect(input.picture).toMatch(/^https?:/)
    const made = await sandpit.runner.settledWithin(id, 60_000)
    expect(made).toMatchObject({
      status: 'succeeded',
      input: { picture: expect.stringMatching(/^sandpit:[a-z2-7]{26}\/picture\.png$/) },
      files: [{ size: bytes.length }],
      output: { bytes: bytes.length },
    })
  })
})
