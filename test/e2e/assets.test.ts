import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { startSite } from '../support/site.ts'

const site = startSite()

/** An asset as the server sends it. */
async function ask(path: string, encodings: string) {
  const asked = request(site.server.url + path, { headers: { 'Accept-Encoding': encodings } }).end()
  const [response]: IncomingMessage[] = await once(asked, 'response')
  if (!response) throw new Error('No response')
  return { headers: response.headers, body: await buffer(response) }
}

it('sends scripts minified, compressed as the browser can read it, and for ever', async () => {
  const home = await (await fetch(site.server.url)).text()
  const [, path = ''] = /<script src="([^"]+)"/.exec(home) ?? []
  const [brotli, gzip, plain] = await Promise.all(
    ['gzip, deflate, br, zstd', 'gzip', 'identity'].map((encodings) => ask(path, encodings)),
  )
  expect(brotli?.headers['content-encoding']).toBe('br')
  expect(gzip?.headers['content-encoding']).toBe('gzip')
  expect(plain?.headers['content-encoding']).toBeUndefined()
  const text = plain?.body.toString() ?? ''
  expect(brotliDecompressSync(brotli?.body ?? '').toString()).toBe(text)
  expect(gunzipSync(gzip?.body ?? '').toString()).toBe(text)
  expect(text).not.toMatch(/^\s*\/\//m)
  expect(gzip?.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
  })
})
