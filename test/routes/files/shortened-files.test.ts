import { statSync, truncateSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const large = 60 * 2 ** 20

let sandpit: TestApp
let server: ReturnType<typeof serve>
beforeAll(async () => {
  sandpit = await createTestApp()
  server = serve({ fetch: sandpit.app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
})
afterAll(async () => {
  server.close()
  await sandpit.close()
})

/** A file that was uploaded, and the path of its content on disk. */
async function keep(size: number, letter: string) {
  async function* content() {
    yield Buffer.alloc(size, letter)
  }
  const stored = await sandpit.files.put(content(), size)
  const file = { ...stored, ref: sandpit.deps.newId(), name: 'a.txt' }
  await sandpit.store.addFile(file, 'ada', Date.now())
  const { sha256 } = file
  return { file, path: join(sandpit.data, 'files', sha256.slice(0, 2), sha256) }
}

function ask(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    get({ port, path, headers, agent: false }, resolve).on('error', reject)
  })
}

async function lengthOf(answer: IncomingMessage): Promise<number> {
  let length = 0
  for await (const chunk of answer) length += chunk.length
  return length
}

it('is not sent when it is shorter than it was, but for what it still has', async () => {
  const { file, path } = await keep(100_000, 'a')
  truncateSync(path, 50_000)
  const address = sandpit.paths.file(file)
  expect((await ask(address)).statusCode).toBe(404)
  expect((await ask(address, { Range: 'bytes=40000-60000' })).statusCode).toBe(404)
  const part = await ask(address, { Range: 'bytes=0-9999' })
  expect(part.statusCode).toBe(206)
  expect(await lengthOf(part)).toBe(10_000)
})

it('ends with the connection when it is shortened while it is sent', async () => {
  const { file, path } = await keep(large, 'b')
  const answer = await ask(sandpit.paths.file(file))
  expect(answer.headers['content-length']).toBe(String(large))
  truncateSync(path, 1_000)
  await expect(lengthOf(answer)).rejects.toThrow('aborted')
})

it('is sent no further than it was long when it has grown', async () => {
  const { file, path } = await keep(10_000, 'c')
  truncateSync(path, 20_000)
  expect(statSync(path).size).toBe(20_000)
  expect(await lengthOf(await ask(sandpit.paths.file(file)))).toBe(10_000)
})

it('is sent when it is empty', async () => {
  const { file } = await keep(0, '')
  const answer = await ask(sandpit.paths.file(file))
  expect([answer.statusCode, await lengthOf(answer)]).toEqual([200, 0])
})
