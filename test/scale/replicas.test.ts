import { randomBytes } from 'node:crypto'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiAt } from '../support/api-at.ts'
import { startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { echo, writeModels } from '../support/models.ts'
import { type Replicas, startReplicas } from '../support/replicas.ts'
import { readStream } from './chaos/watchers.ts'
import { newDatabase } from './support.ts'

const models = writeModels({
  echo,
  talk: `
    import { setTimeout as delay } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/talk',
      description: 'Counts until it is canceled, or to ten.',
      input: z.object({ ms: z.number().int().default(100) }),
      output: z.string(),
      copies: 4,
      async *run({ ms }, ctx) {
        for (let number = 1; number <= 10; number++) {
          yield number + ' '
          await delay(ms, undefined, { signal: ctx.signal })
        }
      },
    })`,
  read: `
    import { readFile } from 'node:fs/promises'
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/read',
      description: 'Gives back a file.',
      input: z.object({ file: file() }),
      output: file(),
      async run({ file }, ctx) {
        return ctx.file(await readFile(file.path), { name: 'copy.bin' })
      },
    })`,
})

let three: Replicas
let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
  three = await startReplicas({
    database: await newDatabase(),
    environment: { SANDPIT_MODELS: models, SANDPIT_API_FILES: 'url' },
  })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await three?.stop()
})

const [a, b, c] = [0, 1, 2].map((index) => () => three.at(index)) as [
  () => string,
  () => string,
  () => string,
]

/** The address at another replica: those that are given out are of the proxy. */
const elsewhere = (address: unknown, origin: string) => String(address).replace(three.url, origin)

it('shows in a browser at one replica what was run at another and canceled at a third', async () => {
  const pressing = await (await browser.newContext()).newPage()
  await pressing.goto(`${a()}/team/talk`)
  await pressing.locator('[name="input.ms"]').last().fill('60000')
  await pressing.getByRole('button', { name: 'Run', exact: true }).click()
  await pressing.waitForSelector('#prediction .stream')
  const id = /[a-z2-7]{26}/.exec(pressing.url())?.[0] ?? ''
  const watching = await (await browser.newContext()).newPage()
  await watching.goto(`${b()}/p/${id}`)
  await watching.waitForSelector('[data-status=processing]')
  await apiAt(c()).cancel(id)
  await watching.waitForSelector('[data-status=canceled]')
  await pressing.waitForSelector('[data-status=canceled]')
  await Promise.all([pressing.context().close(), watching.context().close()])
})

it('streams at one replica what another runs', async () => {
  const { id, urls } = await apiAt(a()).run('team/talk', { ms: 100 }, { stream: true })
  const output = await readStream(elsewhere(urls.stream, b()), AbortSignal.timeout(60_000))
  expect(output.trim()).toBe('1 2 3 4 5 6 7 8 9 10')
  expect((await apiAt(c()).find(id)).status).toBe('succeeded')
})

it('waits at one replica for what another runs', async () => {
  const { id } = await apiAt(a()).run('team/talk', { ms: 200 })
  let shown = await (await fetch(`${b()}/p/${id}`)).text()
  await eventually(async () => {
    const seen = /seen=([^"&]+)/.exec(shown)?.[1]
    shown = await (await fetch(`${b()}/p/${id}/panel?seen=${seen}`)).text()
    expect(shown).toContain('data-status="processing"')
  })
  expect((await apiAt(c()).cancel(id)).status).toBe('canceled')
  expect((await apiAt(a()).find(id)).status).toBe('canceled')
})

it('runs at one replica with a file that was uploaded at another, and gives its file out at a third', async () => {
  const bytes = randomBytes(300_000)
  const form = new FormData()
  form.append('content', new File([bytes], 'content.bin'))
  const uploaded = await (await fetch(`${a()}/v1/files`, { method: 'POST', body: form })).json()
  const { id } = await apiAt(b()).run('team/read', { file: uploaded.urls.get })
  await eventually(async () => expect((await apiAt(a()).find(id)).status).toBe('succeeded'))
  const { output } = await apiAt(c()).find(id)
  const copy = await fetch(elsewhere(output, c()))
  expect(Buffer.from(await copy.arrayBuffer()).equals(bytes)).toBe(true)
  const range = await fetch(elsewhere(output, a()), { headers: { Range: 'bytes=10-19' } })
  expect(Buffer.from(await range.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true)
})

describe('what was deleted at one replica', () => {
  it('is gone at the others, however often they showed it', async () => {
    const { id } = await apiAt(a()).run('team/echo', { text: 'to be deleted' })
    await eventually(async () => expect((await apiAt(b()).find(id)).status).toBe('succeeded'))
    for (const origin of [b(), c()])
      expect(await (await fetch(`${origin}/p/${id}`)).text()).toContain('to be deleted')
    const deleted = await fetch(`${a()}/p/${id}/deletion`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    })
    expect(deleted.status).toBe(303)
    await eventually(async () => {
      for (const origin of [b(), c()]) expect((await fetch(`${origin}/p/${id}`)).status).toBe(404)
    })
  })
})

it('knows of a deployment at one replica as soon as another has answered that it is made', async () => {
  const send = (origin: string, path: string, method: string, body?: object) =>
    fetch(`${origin}/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: body ? JSON.stringify(body) : null,
    })
  const { latest_version: version } = await (await fetch(`${a()}/v1/models/team/echo`)).json()
  const release = { model: 'team/echo', version: version.id, hardware: 'cpu' }
  for (let turn = 0; turn < 10; turn++) {
    const name = `turn-${turn}`
    const limits = { min_instances: 0, max_instances: 1 }
    const made = await send(a(), '/deployments', 'POST', { name, ...release, ...limits })
    const { owner } = await made.json()
    const path = `/deployments/${owner}/${name}`
    expect((await send(b(), path, 'GET')).status).toBe(200)
    expect((await send(b(), path, 'DELETE')).status).toBe(204)
    expect((await send(c(), path, 'GET')).status).toBe(404)
  }
})

it('answers through the proxy whichever replica is asked', async () => {
  const ids = await Promise.all(
    Array.from(
      { length: 12 },
      async (_, at) => (await apiAt(three.url).run('team/echo', { text: `turn ${at}` })).id,
    ),
  )
  for (const [at, id] of ids.entries())
    await eventually(async () =>
      expect(await apiAt(three.url).find(id)).toMatchObject({ output: `turn ${at}` }),
    )
})
