import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { writeModels } from './models.ts'
import { type Server, startServer } from './server.ts'

export const counts = { gone: 2_000, kept: 200 }
const maker = (name: string) => `
  import { defineModel, file, z } from 'sandpit/model'
  export default defineModel({
    name: 'test/${name}', description: 'Makes a file.', copies: 2,
    input: z.object({ text: z.string() }), output: file(),
    run: ({ text }, ctx) => ctx.file(Buffer.from('made of ' + text), { name: 'made.txt' }),
  })`
const models = writeModels({ gone: maker('gone'), kept: maker('kept') })

export interface Made {
  readonly id: string
  readonly text: string
  readonly output: string
}

export type Crowd = Awaited<ReturnType<typeof createCrowd>>

/** A data folder with the predictions of two models, each of which made a file. */
export async function createCrowd() {
  const data = newFolder()
  const server = await startIn(data)
  const gone = await makeMany(server, 'gone', counts.gone)
  const kept = await makeMany(server, 'kept', counts.kept)
  await server.stop()
  return {
    gone,
    kept,
    /** A copy of the folder, and servers on it. */
    copy() {
      const copied = newFolder()
      cpSync(data, copied, { recursive: true })
      const start = (environment?: Readonly<Record<string, string>>) => startIn(copied, environment)
      return { data: copied, start }
    },
  }
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'sandpit-removal-'))

function startIn(data: string, environment: Readonly<Record<string, string>> = {}) {
  const own = { SANDPIT_MODELS: models, SANDPIT_RATE: 'off', SANDPIT_API_FILES: 'url' }
  return startServer({ data, environment: { ...own, ...environment } })
}

async function makeMany({ url }: Server, model: string, count: number): Promise<readonly Made[]> {
  const made: Made[] = []
  const client = async (at: number) => {
    for (let number = at; number < count; number += 16) {
      const text = `${model} ${number}`
      const { id, output, status } = await json(`${url}/v1/predictions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Prefer: 'wait=30' },
        body: JSON.stringify({ version: `test/${model}`, input: { text } }),
      })
      expect(status).toBe('succeeded')
      made.push({ id, text, output: new URL(output).pathname })
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, at) => client(at)))
  return made
}

async function json(address: string, init: RequestInit = {}) {
  return JSON.parse(await (await fetch(address, init)).text())
}

/** How a prediction is served: whole, without its data, or not at all. Anything else fails. */
export async function servedAs(
  url: string,
  made: Made,
): Promise<'whole' | 'without data' | 'gone'> {
  const { id, text, output } = made
  const answer = await fetch(`${url}/v1/predictions/${id}`)
  const body = JSON.parse(await answer.text())
  const file = await fetch(url + output)
  const bytes = await file.text()
  if (answer.status === 404 || body.data_removed) {
    expect(file.status).toBe(404)
    if (answer.status === 404) return 'gone'
    expect(body).toMatchObject({ input: {}, output: null, logs: '' })
    return 'without data'
  }
  expect(answer.status).toBe(200)
  expect(body.input).toEqual({ text })
  expect(new URL(body.output).pathname).toBe(output)
  if (file.status === 200) expect(bytes).toBe(`made of ${text}`)
  // It went between the two requests.
  else expect(await servedAs(url, made)).not.toBe('whole')
  return 'whole'
}

/** Looks at one prediction after another until the server is gone. */
export async function lookOn(url: string, all: readonly Made[]): Promise<void> {
  for (let at = 0; ; at = (at + 7) % all.length) {
    const one = all[at]
    try {
      if (one) await servedAs(url, one)
    } catch (error) {
      // As `fetch` fails without a server.
      if (error instanceof TypeError && /fetch failed|terminated/.test(error.message)) return
      throw error
    }
  }
}
