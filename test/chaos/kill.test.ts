import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { startServer } from '../support/server.ts'
import { toFormData } from '../support/visitor.ts'

const kills = 50

const models = writeModels({
  worker: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, file, z } from 'sandpit/model'
    export const worker = defineModel({
      name: 'test/worker',
      description: 'Makes three files, with time between them to be killed in.',
      input: z.object({ text: z.string(), upload: file() }),
      output: file(),
      copies: 3,
      async *run({ text }, ctx) {
        for (let part = 1; part <= 3; part++) {
          await wait(15)
          ctx.log('part ' + part)
          yield ctx.file(Buffer.from(text.repeat(5000) + part), { name: part + '.txt' })
        }
      },
    })`,
  careful: `
    import { once } from 'node:events'
    import { defineModel, z } from 'sandpit/model'
    export const careful = defineModel({
      name: 'test/careful',
      description: 'Is never run twice.',
      rerun: false,
      input: z.object({}),
      output: z.string(),
      async *run(_input, ctx) {
        yield 'begun'
        await once(ctx.signal, 'abort')
      },
    })`,
})

const data = mkdtempSync(join(tmpdir(), 'sandpit-kill-'))
const start = () =>
  startServer({ data, environment: { SANDPIT_MODELS: models, LOG_LEVEL: 'info' } })
let last: Awaited<ReturnType<typeof start>> | null = null
afterAll(async () => {
  await last?.stop('SIGKILL')
})

async function openForm(url: string, model: string) {
  const page = await (await fetch(`${url}/${model}`)).text()
  const hidden = page.matchAll(/<input type="hidden" name="(model|version|key)" value="([^"]*)"/g)
  return Object.fromEntries([...hidden].map(([, name, value]) => [name, value]))
}

/** Presses Run, and says which prediction the server took; null when it died before it answered. */
async function press(url: string, model: string, inputs: Record<string, string | File>) {
  try {
    const hidden = await openForm(url, model)
    const named = Object.entries(inputs).map(([name, value]) => [`input.${name}`, value] as const)
    const response = await fetch(`${url}/predictions`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Origin: url },
      body: toFormData({ ...hidden, ...Object.fromEntries(named) }),
    })
    return idIn(response) || null
  } catch {
    return null
  }
}

it(`loses nothing it accepted when it is killed ${kills} times`, { timeout: 300_000 }, async () => {
  const accepted = new Map<string, string>()
  for (let kill = 0; kill < kills; kill++) {
    const server = await start()
    const first = Promise.withResolvers<void>()
    const pressing = Array.from({ length: 4 }, async (_, index) => {
      const text = `run ${kill}.${index} `
      const upload = new File([text.repeat(20_000)], 'in.txt')
      const id = await press(server.url, 'test/worker', { text, upload })
      if (id) accepted.set(id, text)
      first.resolve()
    })
    // Another moment each time: by turns while something is sent, and while what was taken runs.
    if (kill % 2 === 0) await first.promise
    await Promise.race([Promise.all(pressing), moment(Math.random() * 800)])
    await server.stop('SIGKILL')
    await Promise.all(pressing)
  }

  last = await start()
  const { url } = last
  const store = await openSqlite(join(data, 'sandpit.sqlite'))
  await eventually(async () => expect(await store.unsettled()).toEqual([]), 120_000)
  expect(accepted.size).toBeGreaterThanOrEqual(kills / 2)
  const statuses = new Map<string, number>()
  for (const [id, text] of accepted) {
    const prediction = await store.find(id)
    if (!prediction) throw new Error(`Prediction ${id} was accepted and is lost`)
    expect(isSettled(prediction)).toBe(true)
    expect(prediction.input.text).toBe(text)
    statuses.set(prediction.status, (statuses.get(prediction.status) ?? 0) + 1)
    for (const { ref, name, sha256, size } of prediction.files) {
      const response = await fetch(`${url}/files/${ref}/${name}`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      expect(bytes.length).toBe(size)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
    }
    // One that was cut short twice keeps what it had made by then.
    if (prediction.error === null) expect(prediction.files.length).toBe(4)
    else expect(prediction.error).toMatch(/stopped twice/)
  }
  await store.close()
  expect(statuses.get('succeeded')).toBeGreaterThan(0)
})

it('fails with a reason what must not run twice', async () => {
  await last?.stop('SIGKILL')
  const server = await start()
  const id = await press(server.url, 'test/careful', {})
  await eventually(async () => expect(await page(server.url, id)).toContain('begun'))
  await server.stop('SIGKILL')
  last = await start()
  const after = await page(last.url, id)
  expect(after).toContain('data-status="failed"')
  expect(after).toContain('is not set to run again automatically')
})

it('ends by itself with 0 when told to, and takes up what it had to stop', async () => {
  const server = last ?? (await start())
  const upload = new File(['in'], 'in.txt')
  const id = await press(server.url, 'test/worker', { text: 'x', upload })
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  last = await start()
  const { url } = last
  await eventually(async () => expect(await page(url, id)).toContain('succeeded'))
})

async function page(url: string, id: string | null): Promise<string> {
  return (await fetch(`${url}/p/${id}`)).text()
}

function moment(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
