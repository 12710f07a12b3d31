import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mostDigits } from '../../../src/domain/json/bounds.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  heavy: `
    import { defineModel, z } from 'sandpit/model'
    export const heavy = defineModel({
      name: 'test/heavy',
      description: 'Takes anything.',
      input: z.object({
        number: z.number().optional(),
        seed: z.int().optional(),
        free: z.any().optional(),
        list: z.array(z.int()).optional(),
      }),
      output: z.string(),
      run: ({ seed, free }) => JSON.stringify({ free }) + String(seed),
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_API_TOKENS: 'a-token-for-tests' },
  })
})
afterAll(() => sandpit.close())

const megabyte = '7'.repeat(1_000_000)
const tooLarge = 'This number is too large. Use at most 4,300 digits.'
const languages = ['node', 'python', 'http', 'curl']
const members = (count: number) =>
  `{${Array.from({ length: count }, (_, at) => `"k${at}":${at}`).join()}}`

const ask = (body: string) =>
  sandpit.app.request('/v1/predictions', {
    method: 'POST',
    body,
    headers: {
      Host: 'localhost',
      Authorization: 'Bearer a-token-for-tests',
      'Content-Type': 'application/json',
    },
  })

async function answered(started: Response | Promise<Response>) {
  const before = process.threadCpuUsage()
  const response = await started
  const text = await response.text()
  const { user, system } = process.threadCpuUsage(before)
  return { status: response.status, text, ms: (user + system) / 1_000 }
}

/** Milliseconds of this thread: far more than any of these takes, and far less than they took. */
const soon = 1_500

describe('a form', () => {
  it.each([
    ['number', `${'1'.repeat(100_000)}x`, 'is not a number'],
    ['number', `${' '.repeat(100_000)}x`, 'is not a number'],
    ['number', megabyte, tooLarge],
    ['seed', megabyte, tooLarge],
    ['seed', '1'.repeat(mostDigits + 1), tooLarge],
    ['free', megabyte, tooLarge],
    ['free', `{"deep":[${megabyte}]}`, `“deep.0”: ${tooLarge}`],
    ['free', members(100_000), 'This has too many names. Use at most 10,000.'],
  ])('says at once what is wrong with %s', async (name, typed, error) => {
    const visitor = createVisitor(sandpit)
    const { status, text, ms } = await answered(visitor.run('test/heavy', { [name]: typed }))
    expect(status).toBe(422)
    expect(text.includes(error), error).toBe(true)
    expect(ms).toBeLessThan(soon)
  })

  it('says it of the input as JSON, too', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/heavy')
    for (const [json, error] of [
      [`{"seed":${megabyte}}`, `“seed”: ${tooLarge}`],
      ['{"number":-1e400}', `“number”: ${tooLarge}`],
      [members(600_000), 'This has too many names. Use at most 10,000.'],
    ] as const) {
      const { status, text, ms } = await answered(visitor.post('/predictions', { ...hidden, json }))
      expect(status).toBe(422)
      expect(text.includes(error), error).toBe(true)
      expect(ms).toBeLessThan(soon)
    }
  })

  it('takes JSON that begins with a byte order mark', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/heavy')
    const sent = await visitor.post('/predictions', { ...hidden, json: '\ufeff{"seed":1}' })
    expect(sent.status).toBe(303)
  })

  it('opens at once by a link', async () => {
    const visitor = createVisitor(sandpit)
    for (const typed of [`${'1'.repeat(15_000)}x`, `${'%20'.repeat(5_000)}x`, '1'.repeat(15_000)]) {
      const { status, ms } = await answered(visitor.request(`/test/heavy?input.number=${typed}`))
      expect(status).toBe(200)
      expect(ms).toBeLessThan(soon)
    }
  })
})

describe('a small text that is deep and wide at once', () => {
  const deep = `${'['.repeat(490)}${'1,'.repeat(6_500)}1${']'.repeat(490)}`

  it.each(['/test/heavy', ...languages.map((one) => `/test/heavy/api?language=${one}`)])(
    'becomes no large page at %s',
    async (path) => {
      const query = `${path.includes('?') ? '&' : '?'}input.free=${deep}`
      const visitor = createVisitor(sandpit)
      const { status, text, ms } = await answered(visitor.request(path + query))
      expect(status).toBe(200)
      expect(text).toContain('1,1,1'.replaceAll(',', path.includes('api') ? ', ' : ','))
      expect(text.length).toBeLessThan(500_000)
      expect(ms).toBeLessThan(soon)
    },
  )
})

describe('a list that is too long for rows', () => {
  const list = Array.from({ length: 40_000 }, (_, at) => at)

  it('is shown as one text, and runs as it is', async () => {
    const made = await answered(ask(JSON.stringify({ version: 'test/heavy', input: { list } })))
    const { id } = JSON.parse(made.text)
    const visitor = createVisitor(sandpit)
    const { text, ms } = await answered(visitor.request(`/test/heavy?from=${id}`))
    expect(text.length).toBeLessThan(1_000_000)
    expect(ms).toBeLessThan(soon)
    const [, shown = ''] =
      /<textarea[^>]* name="input.list"[^>]*>([^<]*)<\/textarea>/.exec(text) ?? []
    const again = await visitor.run('test/heavy', { list: shown })
    expect(again.status).toBe(303)
    const run = await visitor.request(`/p/${idIn(again)}`, {
      headers: { Accept: 'application/json' },
    })
    expect((await run.json()).input.list).toEqual(list)
  })

  it('is judged as a list in rows is', async () => {
    const visitor = createVisitor(sandpit)
    for (const [text, error] of [
      ['[1,"x"]', 'list'],
      ['[1,', 'This is not valid JSON: line 1, column 4.'],
    ] as const) {
      const { status, text: page } = await answered(visitor.run('test/heavy', { list: text }))
      expect(status).toBe(422)
      expect(page).toContain(error)
    }
  })
})

describe('the API', () => {
  it.each([
    [`{"version":"test/heavy","input":{"seed":${megabyte}}}`, 'input.seed'],
    [`{"version":"test/heavy","input":{"free":{"a":[0,-1e999]}}}`, 'input.free.a.1'],
    [`{"version":"test/heavy","input":{},"webhook":${megabyte}}`, 'webhook'],
  ])('names the field of a number that is too large', async (body, field) => {
    const { status, text, ms } = await answered(ask(body))
    expect(status).toBe(422)
    expect(JSON.parse(text).invalid_fields).toEqual([
      { type: 'invalid', field, description: tooLarge },
    ])
    expect(ms).toBeLessThan(soon)
  })

  it.each([
    ['unknown inputs', `{"version":"test/heavy","input":${members(100_000)}}`],
    ['unknown names', `{"version":"test/heavy","input":{},"x":${members(800_000)}}`],
    ['values', `{"version":"test/heavy","input":{"list":[${'1,'.repeat(1_000_000)}1]}}`],
    ['names, though it is no JSON', '":"'.repeat(100_000)],
  ])('does not read a body of too many %s', async (_what, body) => {
    const { status, text, ms } = await answered(ask(body))
    expect([400, 413]).toContain(status)
    expect(text).toMatch(/too many (?:names|values)|not valid JSON/)
    expect(ms).toBeLessThan(soon)
  })

  it('says no more than can be read of what is wrong', async () => {
    const { status, text } = await answered(
      ask(`{"version":"test/heavy","input":{"list":[${'"x",'.repeat(9_000)}1]}}`),
    )
    expect(status).toBe(422)
    expect(text.length).toBeLessThan(20_000)
  })

  it('takes a body that begins with a byte order mark', async () => {
    const { status } = await answered(ask('\ufeff{"version":"test/heavy","input":{"seed":1}}'))
    expect(status).toBe(201)
  })

  it('keeps the digits of a number that is not too large', async () => {
    const seed = '7'.repeat(mostDigits)
    const made = await answered(ask(`{"version":"test/heavy","input":{"free":${seed}}}`))
    expect(made.status).toBe(201)
    expect(made.text).toContain(`"free":${seed}`)
  })
})
