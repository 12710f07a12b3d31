import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  large: `
    import { defineModel, z } from 'sandpit/model'
    export const large = defineModel({
      name: 'test/large',
      description: 'Makes a lot.',
      input: z.object({ kind: z.string(), n: z.int().default(1) }),
      output: z.any(),
      async run({ kind, n }) {
        if (kind === 'text') return 'é𝒳 "quoted"\\n'.repeat(n)
        if (kind === 'rows')
          return Array.from({ length: n }, (_, at) => ({ id: at, name: '=row ' + at }))
        if (kind === 'members')
          return Object.fromEntries(Array.from({ length: n }, (_, at) => ['member ' + at, at]))
        if (kind === 'picture') {
          const pixels = Buffer.alloc(n, 7).toString('base64')
          return { picture: 'data:image/png;base64,' + pixels, caption: 'large' }
        }
        return { caption: 'short', text: 'x'.repeat(n) }
      },
    })`,
  stream: `
    import { defineModel, z } from 'sandpit/model'
    export const flow = defineModel({
      name: 'test/flow',
      description: 'Says a lot, piece by piece.',
      input: z.object({ pieces: z.int(), fails: z.boolean().default(false) }),
      output: z.string(),
      async *run({ pieces, fails }) {
        for (let at = 0; at < pieces; at++) yield 'piece ' + at + ' ' + 'x'.repeat(1000) + '\\n'
        if (fails) throw new Error('Not today.')
      },
    })`,
  items: `
    import { defineModel, file, z } from 'sandpit/model'
    export const items = defineModel({
      name: 'test/items',
      description: 'Makes files, one by one.',
      input: z.object({ files: z.int(), padding: z.int() }),
      output: z.object({ at: z.int(), file: file(), padding: z.string() }),
      async *run({ files, padding }, ctx) {
        for (let at = 0; at < files; at++)
          yield { at, file: ctx.file(Buffer.from('file ' + at), { name: 'file-' + at + '.txt' }), padding: 'x'.repeat(padding) }
      },
    })`,
  asks: `
    import { defineModel, z } from 'sandpit/model'
    export const asks = defineModel({
      name: 'test/asks',
      description: 'Asks for a lot, and measures it.',
      input: z.object({ kind: z.string(), n: z.int() }),
      output: z.any(),
      async run(input, ctx) {
        const made = await ctx.run('test/large', input)
        return { length: made.length, isText: typeof made === 'string' }
      },
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

async function run(model: string, input: Record<string, string>) {
  const made = await createVisitor(sandpit).run(model, input)
  const id = idIn(made)
  const prediction = await sandpit.runner.settledWithin(id, 60_000)
  if (!prediction) throw new Error('It is gone')
  return prediction
}

const get = (path: string) =>
  sandpit.app.request(path, { headers: { Authorization: 'Bearer a-token' } })
const text = async (path: string) => (await get(path)).text()
const answer = async (id: string) => (await get(`/v1/predictions/${id}`)).json()

/** The content behind the URL in an API response. */
async function fetched(address: string) {
  const { pathname } = new URL(address)
  const response = await sandpit.app.request(pathname)
  expect(response.status).toBe(200)
  return response
}

describe('an output that is too large to be kept with its prediction', () => {
  it('is a file for a text: its beginning on the page, its address in the API', async () => {
    const whole = 'é𝒳 "quoted"\n'.repeat(200_000)
    const { id, output } = await run('test/large', { kind: 'text', n: '200000' })
    expect(JSON.stringify(output).length).toBeLessThan(200)
    const page = await text(`/p/${id}`)
    expect(page.length).toBeLessThan(250_000)
    expect(page).toContain('é𝒳 &quot;quoted&quot;')
    expect(page).toContain('This is the start of the output')
    expect(await text(`/p/${id}/output.txt`)).toBe(whole)
    expect(JSON.parse(await text(`/p/${id}/output.json`))).toBe(whole)
    expect((await get(`/p/${id}/output.csv`)).status).toBe(404)
    expect((await get(`/p/${id}/files.zip`)).status).toBe(200)
    const api = await answer(id)
    expect(await (await fetched(api.output)).text()).toBe(whole)
    const json = JSON.parse(await text(`/p/${id}/prediction.json`))
    expect(await (await get(new URL(json.output).pathname)).text()).toBe(whole)
    expect((await text(`/p/${id}?`)).length).toBeLessThan(250_000)
  })

  it('is a file for a table, which has its CSV', async () => {
    const { id, excerpt } = await run('test/large', { kind: 'rows', n: '60000' })
    expect(excerpt?.length).toBe(60_000)
    const page = await text(`/p/${id}`)
    expect(page).toContain('59,800 more rows')
    const rows = JSON.parse(await text(`/p/${id}/output.json`))
    expect(rows).toHaveLength(60_000)
    expect(rows[59_999]).toEqual({ id: 59_999, name: '=row 59999' })
    const lines = (await text(`/p/${id}/output.csv`)).split('\r\n')
    expect(lines).toHaveLength(60_002)
    expect(lines[0]).toBe('id,name')
    expect(lines[60_000]).toBe("59999,'=row 59999")
    expect((await get(`/p/${id}/output.txt`)).status).toBe(404)
    expect(await (await fetched((await answer(id)).output)).json()).toEqual(rows)
  })

  it('is a file for an object, whatever is large in it', async () => {
    const many = await run('test/large', { kind: 'members', n: '100000' })
    expect(await text(`/p/${many.id}`)).toContain('member 1')
    expect(Object.keys(JSON.parse(await text(`/p/${many.id}/output.json`)))).toHaveLength(100_000)
    const long = await run('test/large', { kind: 'object', n: '3000000' })
    expect(await text(`/p/${long.id}`)).toContain('short')
    expect(JSON.parse(await text(`/p/${long.id}/output.json`)).text).toHaveLength(3_000_000)
  })

  it('keeps a picture that it holds as data as a picture', async () => {
    const { id, output, excerpt, files } = await run('test/large', {
      kind: 'picture',
      n: '2000000',
    })
    expect(excerpt).toBeNull()
    expect(files).toMatchObject([{ size: 2_000_000 }])
    expect(output).toMatchObject({ caption: 'large' })
    expect((await text(`/p/${id}`)).length).toBeLessThan(100_000)
  })

  it('is a file for a text that comes piece by piece, and a list of one address in the API', async () => {
    const { id, status, excerpt } = await run('test/flow', { pieces: '3000' })
    expect(status).toBe('succeeded')
    expect(excerpt).toMatchObject({ form: 'list', length: 3_000 })
    const page = await text(`/p/${id}`)
    expect(page).toContain('piece 0 xxx')
    expect(page.length).toBeLessThan(250_000)
    const whole = await text(`/p/${id}/output.txt`)
    expect(whole.split('\n').map((line) => line.split(' ')[1])).toEqual([
      ...Array.from({ length: 3_000 }, (_, at) => String(at)),
      undefined,
    ])
    expect(JSON.parse(await text(`/p/${id}/output.json`)).join('')).toBe(whole)
    const { output } = await answer(id)
    expect(output).toHaveLength(1)
    expect((await (await fetched(output[0])).json()).join('')).toBe(whole)
  })

  it('is kept as far as it came when its run fails', async () => {
    const { id, status } = await run('test/flow', { pieces: '2000', fails: 'true' })
    expect(status).toBe('failed')
    expect((await text(`/p/${id}/output.txt`)).split('\n')).toHaveLength(2_001)
    expect(await text(`/p/${id}`)).toContain('Not today.')
  })

  it('leads to the files that it refers to, in pages and in the API', async () => {
    const { id } = await run('test/items', { files: '300', padding: '8000' })
    const page = JSON.parse(await text(`/p/${id}/output.json`))
    expect(page).toHaveLength(300)
    expect(await (await get(new URL(page[299].file).pathname)).text()).toBe('file 299')
    const { output } = await answer(id)
    const items = await (await fetched(output[0])).json()
    expect(await (await fetched(items[7].file)).text()).toBe('file 7')
    expect(await text(`/p/${id}`)).toContain('Download 300 files')
  })

  it('is handed over whole to a model that asked for it', async () => {
    const asked = await run('test/asks', { kind: 'text', n: '200000' })
    expect(asked.output).toEqual({ length: 'é𝒳 "quoted"\n'.length * 200_000, isText: true })
    const rows = await run('test/asks', { kind: 'rows', n: '60000' })
    expect(rows.output).toEqual({ length: 60_000, isText: false })
  })

  it('goes with its prediction', async () => {
    const { id, files } = await run('test/large', { kind: 'text', n: '200000' })
    const ref = files.at(-1)?.ref ?? ''
    expect(await sandpit.store.findFile(ref)).toMatchObject({ prediction: id })
    await sandpit.runner.remove(id)
    expect(await sandpit.store.findFile(ref)).toBeNull()
  })

  it('is not passed off as whole while it is made', async () => {
    const made = await createVisitor(sandpit).run('test/flow', { pieces: '20000' })
    const id = idIn(made)
    await eventually(async () => expect((await sandpit.runner.find(id))?.excerpt).not.toBeNull())
    const running = await sandpit.runner.find(id)
    if (running?.status === 'processing') {
      expect(await answer(id)).toMatchObject({ output: null })
      expect((await get(`/p/${id}/output.json`)).status).toBe(404)
      expect(await text(`/p/${id}/panel`)).toContain('too large to show here')
    }
    const settled = await sandpit.runner.settledWithin(id, 60_000)
    expect(settled?.excerpt).toMatchObject({ length: 20_000 })
  })
})
