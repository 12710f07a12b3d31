import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../providers/support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { type Server, startServer } from '../support/server.ts'
import { toFormData } from '../support/visitor.ts'

/** Files that end what models at the other Sandpit do. */
const ends = mkdtempSync(join(tmpdir(), 'sandpit-ends-'))
const end = (name: string) => writeFileSync(join(ends, name), '')

const model = (name: string, members: string) => `
  import { setTimeout as wait } from 'node:timers/promises'
  import { existsSync, readFileSync } from 'node:fs'
  import { defineModel, file, z } from 'sandpit/model'
  const ends = async (name) => {
    while (!existsSync(${JSON.stringify(ends)} + '/' + name)) await wait(20)
  }
  export const model = defineModel({
    name: 'far/${name}',
    description: 'Runs at the other Sandpit.',
    input: z.object({}),
    output: z.string(),
    ${members}
  })`

const models = writeModels({
  hello: model(
    'hello',
    "input: z.object({ text: z.string() }), run: ({ text }) => 'hello ' + text,",
  ),
  words: model(
    'words',
    `input: z.object({ count: z.int() }),
    async *run({ count }, ctx) {
      for (let word = 1; word <= count; word++) {
        ctx.log('word ' + word)
        if (word === count) await ends('words')
        yield word + ' '
        await wait(20)
      }
    },`,
  ),
  picture: model(
    'picture',
    `output: file(),
    run: (_, ctx) => ctx.file(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), { name: 'dot.png' }),`,
  ),
  reverse: model(
    'reverse',
    `input: z.object({ file: file() }), output: file(),
    run: ({ file }, ctx) => ctx.file(readFileSync(file.path).reverse(), { name: 'back-' + file.name }),`,
  ),
  list: model('list', "output: z.array(z.string()), run: () => ['a', 'b'],"),
  fails: model('fails', "run() { throw new Error('The moon is full') },"),
  boots: model('boots', "setup: () => ends('boot'), run: () => 'up',"),
  slow: model(
    'slow',
    `async run(_, ctx) {
      ctx.log('working')
      await wait(600_000, undefined, { signal: ctx.signal })
      return 'done'
    },`,
  ),
  again: model(
    'again',
    `async *run(_, ctx) {
      for (let word = 1; word <= 30; word++) {
        if (word === 30) await ends('again')
        yield word + ' '
        await wait(20)
      }
    },`,
  ),
})

const token = 'a-token-of-the-far-one'
const far = { data: mkdtempSync(join(tmpdir(), 'sandpit-far-')), port: '0' }
let upstream: Server
let sandpit: Server

function startFar(environment: Readonly<Record<string, string>> = {}): Promise<Server> {
  const own = { SANDPIT_MODELS: models, SANDPIT_API_TOKENS: token, PORT: far.port }
  return startServer({ data: far.data, environment: { ...own, ...environment } })
}

beforeAll(async () => {
  upstream = await startFar()
  far.port = String(upstream.port)
  sandpit = await startServer({
    environment: { REPLICATE_API_TOKEN: token, REPLICATE_API_URL: `${upstream.url}/v1` },
  })
})
afterAll(async () => {
  await sandpit?.stop('SIGKILL')
  await upstream?.stop('SIGKILL')
})

interface Shown {
  readonly status: string
  readonly output: unknown
  readonly error: string | null
  readonly logs: string
}

it('runs a model of the other', async () => {
  expect(await run('far/hello', { text: 'there' })).toMatchObject({
    status: 'succeeded',
    output: 'hello there',
  })
})

it('shows text as it is written there, and its logs', async () => {
  const id = await press('far/words', { count: '30' })
  await eventually(async () => (await textOf(id)).includes('2 '))
  expect((await shown(id)).status).toBe('processing')
  end('words')
  const { output, logs } = await settled(id)
  expect(output).toEqual(Array.from({ length: 30 }, (_, at) => `${at + 1} `))
  expect(logs).toContain('word 30')
})

it.each(['url', 'data'])('passes files both ways, told as %s', async (how) => {
  await restartFar({ SANDPIT_API_FILES: how })
  const picture = await run('far/picture', {})
  expect(picture).toMatchObject({ status: 'succeeded', error: null })
  expect(await bytesAt(picture.output)).toEqual(
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  )
  for (const size of [1_000, 1_000_000]) {
    const bytes = Buffer.alloc(size, Buffer.from('abcdefg'))
    const back = await run('far/reverse', { file: new File([bytes], 'letters.txt') })
    expect(back).toMatchObject({ status: 'succeeded', error: null })
    expect((await bytesAt(back.output)).equals(bytes.reverse())).toBe(true)
    expect(String(back.output)).toContain(sandpit.url)
  }
})

it('makes lists, fails and boots as there', async () => {
  expect(await run('far/list', {})).toMatchObject({ status: 'succeeded', output: ['a', 'b'] })
  const failed = await run('far/fails', {})
  expect(failed).toMatchObject({ status: 'failed' })
  expect(failed.error).toContain('The moon is full')
  const id = await press('far/boots', {})
  expect((await shown(id)).status).toBe('starting')
  end('boot')
  expect(await settled(id)).toMatchObject({ status: 'succeeded', output: 'up' })
})

it('cancels what runs there', async () => {
  const id = await press('far/slow', {})
  await eventually(async () => (await shown(id)).logs.includes('working'))
  await post(`/p/${id}/cancellation`)
  expect(await settled(id)).toMatchObject({ status: 'canceled' })
  await eventually(async () => (await farRuns('far/slow')).every((one) => one === 'canceled'))
})

it('follows on when the other is killed and comes again', async () => {
  const id = await press('far/again', {})
  await eventually(async () => (await textOf(id)).includes('4 '))
  await upstream.stop('SIGKILL')
  await eventually(async () => (await shown(id)).status === 'processing')
  upstream = await startFar()
  end('again')
  const { status, output, error } = await settled(id)
  expect({ status, error }).toEqual({ status: 'succeeded', error: null })
  expect(output).toEqual(Array.from({ length: 30 }, (_, at) => `${at + 1} `))
  expect(await farRuns('far/again')).toHaveLength(1)
})

async function restartFar(environment: Readonly<Record<string, string>>): Promise<void> {
  await upstream.stop('SIGKILL')
  upstream = await startFar(environment)
}

async function run(name: string, inputs: Readonly<Record<string, string | File>>): Promise<Shown> {
  return settled(await press(name, inputs))
}

async function press(name: string, inputs: Readonly<Record<string, string | File>>) {
  let page = ''
  // The other describes its models when it is first asked: until then the page says so.
  await eventually(async () => {
    page = await (await fetch(`${sandpit.url}/${name}`)).text()
    return page.includes('name="version"')
  })
  const hidden = page.matchAll(/<input type="hidden" name="(model|version|key)" value="([^"]*)"/g)
  const named = Object.entries(inputs).map(([input, value]) => [`input.${input}`, value])
  const fields = [...[...hidden].map(([, field, value]) => [field, value]), ...named]
  const response = await post('/predictions', toFormData(Object.fromEntries(fields)))
  const id = idIn(response)
  if (!id) throw new Error(`${name} was not taken: ${response.status}`)
  return id
}

function post(path: string, body: FormData | null = null): Promise<Response> {
  const headers = { Origin: sandpit.url }
  return fetch(sandpit.url + path, { method: 'POST', redirect: 'manual', headers, body })
}

async function shown(id: string): Promise<Shown> {
  return (await fetch(`${sandpit.url}/p/${id}/prediction.json`)).json() as Promise<Shown>
}

async function settled(id: string): Promise<Shown> {
  const over = ['succeeded', 'failed', 'canceled', 'aborted']
  await eventually(async () => over.includes((await shown(id)).status))
  return shown(id)
}

/** The statuses of the runs of a model, as the other tells them. */
async function farRuns(name: string): Promise<string[]> {
  const headers = { Authorization: `Bearer ${token}` }
  const listed = await fetch(`${upstream.url}/v1/predictions`, { headers })
  const { results } = (await listed.json()) as { results: { model: string; status: string }[] }
  return results.filter((one) => one.model === name).map(({ status }) => status)
}

async function bytesAt(address: unknown): Promise<Buffer> {
  return Buffer.from(await (await fetch(String(address))).arrayBuffer())
}

/** The text so far. Rejects with the error of a run that has failed, which writes no more. */
async function textOf(id: string): Promise<string> {
  const { output, error } = await shown(id)
  if (error) throw new Error(error)
  return Array.isArray(output) ? output.join('') : ''
}
