import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ImageName, imageName } from '../../src/domain/model/addresses/image-name.ts'
import type { RegistryLogin } from '../../src/domain/model/addresses/registry.ts'
import { createRegistry, pullAuth } from '../../src/engine/registry.ts'
import { createGuard } from '../../src/outbound/guard.ts'
import { readJson } from './support.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

const config = JSON.stringify({ config: { Labels: { 'run.cog.version': '0.14', number: 1 } } })
const manifest = JSON.stringify({
  config: { digest: digestOf(config) },
  layers: [{ size: 700 }, { size: 300 }, { size: 'x' }],
})
const index = JSON.stringify({
  manifests: [
    { digest: digestOf('other'), platform: { os: 'linux', architecture: 'riscv' } },
    { digest: digestOf(manifest), platform: { os: 'linux', architecture: 'amd64' } },
  ],
})
const image = (whole: string) => ({
  kind: 'image',
  image: {
    id: digestOf(config),
    digest: digestOf(whole),
    labels: { 'run.cog.version': '0.14' },
    size: 1_000,
  },
})

/** A host that answers so, and what it was asked. */
async function serve(answer: Answer) {
  const asked: { readonly path: string; readonly authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization })
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** The answers of a registry with one image. */
const plain: Answer = ({ url = '' }, response) => {
  const [, kind, which = ''] = /^\/v2\/ann\/video\/(manifests|blobs)\/(.*)$/.exec(url) ?? []
  if (kind === 'manifests' && which === 'many') return void response.end(index)
  if (kind === 'manifests' && ['latest', digestOf(manifest)].includes(which))
    return void response.end(manifest)
  if (kind === 'blobs' && which === digestOf(config)) return void response.end(config)
  response.writeHead(404).end('{}')
}

function find(
  host: string,
  tag = 'latest',
  login: RegistryLogin | null = null,
  allow: readonly string[] = ['127.0.0.1'],
) {
  const getElsewhere = createGuard({ allow }).get
  const platform = { os: 'linux', architecture: 'amd64' }
  const loginFor = (asked: string) => (asked === host ? login : null)
  const registry = createRegistry({ loginFor, platform, getElsewhere, readJson })
  return registry.find(imageName(`${host}/ann/video:${tag}`) as ImageName)
}

const ann = { user: 'ann', password: 'secret' }
const basic = `Basic ${Buffer.from('ann:secret').toString('base64')}`

describe('a registry', () => {
  it('says what an image is, without its layers', async () => {
    const { host } = await serve(plain)
    expect(await find(host)).toEqual(image(manifest))
  })

  it('has images for several platforms, which are pulled by the digest of them all', async () => {
    const { host } = await serve(plain)
    expect(await find(host, 'many')).toEqual(image(index))
  })

  it('gives tokens at another address', async () => {
    const tokens = await serve((_, response) => response.end('{"token":"abc"}'))
    const realm = `http://${tokens.host}/token`
    const bearer = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer abc') return plain(request, response)
      const challenge = `Bearer realm="${realm}",service="here",scope="repository:ann/video:pull"`
      response.writeHead(401, { 'WWW-Authenticate': challenge }).end()
    })
    // Without TLS, a password goes to the registry alone.
    expect(await find(bearer.host, 'latest', ann)).toMatchObject({ kind: 'none', asksLogin: true })
    expect(tokens.asked).toEqual([])
  })

  it('gives tokens itself', async () => {
    let host = ''
    const own = await serve((request, response) => {
      if (request.url?.startsWith('/token')) return void response.end('{"access_token":"abc"}')
      if (request.headers.authorization === 'Bearer abc') return plain(request, response)
      const challenge = `Bearer realm="http://${host}/token",service="here",scope="x:pull"`
      response.writeHead(401, { 'WWW-Authenticate': challenge }).end()
    })
    host = own.host
    expect(await find(host, 'latest', ann)).toEqual(image(manifest))
    expect(own.asked.find(({ path }) => path.startsWith('/token'))).toEqual({
      path: '/token?service=here&scope=x%3Apull',
      authorization: basic,
    })
  })

  it('asks for a user and a password', async () => {
    const { host } = await serve((request, response) => {
      if (request.headers.authorization === basic) return plain(request, response)
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="here"' }).end()
    })
    expect(await find(host, 'latest', ann)).toEqual(image(manifest))
    expect(await find(host)).toMatchObject({ kind: 'none', asksLogin: true })
    expect(await find(host, 'latest', { ...ann, password: 'other' })).toMatchObject({
      kind: 'none',
      sentence: expect.stringContaining('refuses the login'),
      asksLogin: true,
    })
  })

  it('keeps blobs at another host, which is not told who asks', async () => {
    const blobs = await serve((_, response) => response.end(config))
    const { host } = await serve((request, response) => {
      if (request.headers.authorization !== basic)
        return response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="here"' }).end()
      if (!request.url?.includes('/blobs/')) return plain(request, response)
      response.writeHead(307, { Location: `http://${blobs.host}/blob` }).end()
    })
    expect(await find(host, 'latest', ann)).toEqual(image(manifest))
    expect(blobs.asked).toEqual([{ path: '/blob', authorization: undefined }])
  })

  it('cannot make the server ask what it may not reach', async () => {
    const inside = await serve((_, response) => response.end(config))
    const { host } = await serve((request, response) => {
      if (!request.url?.includes('/blobs/')) return plain(request, response)
      response.writeHead(307, { Location: `http://${inside.host}/blob` }).end()
    })
    expect(await find(host, 'latest', null, [])).toEqual({
      kind: 'away',
      sentence: `${host} sends to ${inside.host}. This server is not allowed to fetch that URL.`,
    })
    const realm = `https://${inside.host}/token`
    const bearer = await serve((_, response) => {
      response.writeHead(401, { 'WWW-Authenticate': `Bearer realm="${realm}"` }).end()
    })
    expect(await find(bearer.host, 'latest', ann, [])).toEqual({
      kind: 'away',
      sentence: `${bearer.host} sends to ${inside.host}. This server is not allowed to fetch that URL.`,
    })
    expect(inside.asked).toEqual([])
  })

  it.each([
    ['has no such image', 404, { kind: 'none', asksLogin: true }],
    ['refuses', 403, { kind: 'none', asksLogin: true }],
    ['is out of order', 500, { kind: 'away' }],
  ])('%s', async (_, status, expected) => {
    const { host } = await serve((_request, response) => response.writeHead(status).end('{}'))
    expect(await find(host)).toMatchObject(expected)
  })

  it('is away', async () => {
    expect(await find('127.0.0.1:1')).toEqual({
      kind: 'away',
      sentence: '127.0.0.1:1 cannot be reached.',
    })
  })

  it.each([
    ['another configuration', '/blobs/', '{"config":{"Labels":{}}}'],
    ['more than a configuration can be', '/blobs/', Buffer.alloc(33 * 2 ** 20, ' ')],
    ['redirects without end', '/blobs/', null],
  ])('is not believed when it sends %s', async (_, path, body) => {
    const { host } = await serve((request, response) => {
      if (!request.url?.includes(path)) return plain(request, response)
      if (body === null) response.writeHead(302, { Location: request.url })
      response.end(body ?? '')
    })
    expect(await find(host)).toMatchObject({ kind: 'away' })
  })

  it('is no registry when it sends something else', async () => {
    const { host } = await serve((_, response) => response.end('<html>'))
    expect(await find(host)).toMatchObject({ kind: 'none' })
  })
})

it('proves who pulls in base64 with its padding', () => {
  const auth = pullAuth({ user: 'ann', password: '??>>' }, 'r8.im')
  expect(auth).toMatch(/^[\w-]+={0,2}$/)
  expect(auth.length % 4).toBe(0)
})
