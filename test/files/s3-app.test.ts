import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { FauxqsServer } from 'fauxqs'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newBucket, startS3 } from '../support/s3.ts'
import { startS3Proxy } from '../support/s3-proxy.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

let s3: FauxqsServer
let server: ReturnType<typeof serve>
let proxy: Awaited<ReturnType<typeof startS3Proxy>>
let sandpit: TestApp
beforeAll(async () => {
  s3 = await startS3()
  proxy = await startS3Proxy(s3.port)
  sandpit = await createTestApp({
    environment: { S3_BUCKET: newBucket(s3).bucket, S3_ENDPOINT: proxy.url.href },
  })
  server = serve({ fetch: sandpit.app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
})
beforeEach(() => proxy.become('pass'))
afterAll(async () => {
  server.close()
  await sandpit.close()
  proxy.close()
  await s3.stop()
})

/** Over a socket of this machine, whose sender is the operator. */
function ask(path: string, init?: RequestInit): Promise<Response> {
  const { port } = server.address() as AddressInfo
  return fetch(`http://127.0.0.1:${port}${path}`, init)
}

function upload(content: string) {
  const body = new FormData()
  body.append('content', new File([content], 'words.txt'))
  return ask('/v1/files', { method: 'POST', body })
}

/** Keeps a file as an upload of a form does. Resolves with its address. */
async function keep(content: string): Promise<string> {
  async function* bytes() {
    yield Buffer.from(content)
  }
  const stored = await sandpit.files.put(bytes(), 1e6)
  const file = { ...stored, ref: sandpit.deps.newId(), name: 'words.txt' }
  await sandpit.store.addFile(file, 'ada', Date.now())
  return sandpit.paths.file(file)
}

it('sends what was uploaded, whole and in parts', async () => {
  expect((await upload('0123456789')).status).toBe(201)
  const address = await keep('0123456789')
  const whole = await ask(address)
  expect(await whole.text()).toBe('0123456789')
  expect(whole.headers.get('Content-Security-Policy')).toContain('sandbox')
  const part = await ask(address, { headers: { Range: 'bytes=2-4' } })
  expect([part.status, await part.text()]).toEqual([206, '234'])
})

it('says that the files cannot be reached, and that it can be tried again', async () => {
  const address = await keep('was there before')
  proxy.become('busy')
  const refused = await upload('comes too late')
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5'])
  expect((await refused.json()).detail).toBe(
    'The server cannot reach its files at the moment. Try again in a moment.',
  )
  const download = await ask(address)
  expect(download.status).toBe(503)
  expect(await download.text()).toContain('The server cannot reach its files at the moment.')
})
