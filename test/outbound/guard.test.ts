import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, BlockList } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayReach } from '../../src/outbound/addresses.ts'
import { createGuard } from '../../src/outbound/guard.ts'

let server: Server
let origin: string
beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    if (pathname === '/file.txt') response.end('hello')
    else if (pathname === '/large') response.end(Buffer.alloc(100_000))
    else if (pathname === '/endless') {
      const more = () => response.write(Buffer.alloc(10_000)) && setImmediate(more)
      response.on('drain', more).on('error', () => {})
      more()
    } else if (pathname === '/to-private')
      response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end()
    else if (pathname === '/to-name')
      response.writeHead(307, { Location: 'http://localhost:8081/' }).end()
    else if (pathname === '/to-metadata')
      response.writeHead(308, { Location: '//169.254.169.254/latest/' }).end()
    else if (pathname === '/to-file-elsewhere')
      response
        .writeHead(302, { Location: `${origin.replace('127.0.0.1', 'localhost')}/seen` })
        .end()
    else if (pathname === '/seen') response.end(`${request.headers['x-own']}`)
    else if (pathname === '/to-file') response.writeHead(302, { Location: '/file.txt' }).end()
    else if (pathname === '/round') response.writeHead(302, { Location: '/round' }).end()
    else if (pathname === '/to-ftp') response.writeHead(302, { Location: 'ftp://x/' }).end()
    else if (pathname === '/silent') return
    else if (pathname === '/mirror')
      request.pipe(response.writeHead(201, { 'Retry-After': `${request.headers['x-own']}` }))
    else if (pathname === '/error') response.writeHead(500).end()
    else if (pathname === '/cut') {
      response.writeHead(200, { 'Content-Length': '100' }).write('half')
      response.socket?.destroy()
    } else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function fetchText(url: string, allow: readonly string[] = [], maxBytes = 50_000) {
  const { name, content } = await createGuard({ allow }).fetch(url, maxBytes)
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return { name, text: Buffer.concat(chunks).toString() }
}

describe('an address that was let through', () => {
  it('is fetched, by its origin or by its range, and so is what it redirects to', async () => {
    for (const allow of [[origin], ['127.0.0.0/8'], ['127.0.0.1']])
      expect(await fetchText(`${origin}/file.txt`, allow)).toEqual({
        name: 'file.txt',
        text: 'hello',
      })
    expect((await fetchText(`${origin}/to-file`, [origin])).text).toBe('hello')
  })

  it.each([
    ['/large', 'too large'],
    ['/endless', 'too large'],
    ['/to-private', 'not allowed'],
    ['/to-name', 'not allowed'],
    ['/to-metadata', 'not allowed'],
    ['/to-ftp', 'not allowed'],
    ['/round', 'failed'],
    ['/error', 'refused'],
    ['/none', 'not found'],
    ['/cut', 'failed'],
  ])('that misbehaves at %s is %s', async (path, reason) => {
    await expect(fetchText(origin + path, [origin])).rejects.toMatchObject({ reason })
  })
})

describe('a fetch', () => {
  async function seen(path: string): Promise<string> {
    const guard = createGuard({ allow: ['127.0.0.0/8', '::1'] })
    const { content } = await guard.fetch(origin + path, 1_000, undefined, { 'x-own': '7' })
    const chunks: Uint8Array[] = []
    for await (const chunk of content) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  it('has its headers go to where it is sent, and not to where that leads', async () => {
    expect(await seen('/seen')).toBe('7')
    expect(await seen('/to-file-elsewhere')).toBe('undefined')
  })

  it('ends when its asker does, before there is an answer and after', async () => {
    const guard = createGuard({ allow: [origin] })
    for (const path of ['/silent', '/endless']) {
      const controller = new AbortController()
      const fetching = (async () => {
        const { content } = await guard.fetch(origin + path, 2 ** 40, controller.signal)
        for await (const _ of content) controller.abort()
      })()
      if (path === '/silent') controller.abort()
      await expect(fetching).rejects.toMatchObject({ name: 'NotFetched' })
    }
  })
})

describe('a post', () => {
  const post = { headers: { 'x-own': '7' }, body: 'hello', answerMs: 300 }
  const postTo = (url: string, allow: readonly string[] = [origin]) =>
    createGuard({ allow }).post(url, post)

  it.each([
    ['/mirror', 201, '7'],
    ['/error', 500, null],
    ['/to-file', 302, null],
    ['/to-private', 302, null],
    ['/endless', 200, null],
  ])('to %s is answered as the server answers', async (path, status, retryAfter) => {
    expect(await postTo(origin + path)).toEqual({ answered: true, status, retryAfter })
  })

  it('that is not answered in time is not waited for', async () => {
    expect(await postTo(`${origin}/silent`)).toEqual({ answered: false, reason: 'timed out' })
  })

  it('ends when its sender does', async () => {
    const controller = new AbortController()
    const posting = createGuard({ allow: [origin] }).post(
      `${origin}/silent`,
      { ...post, answerMs: 60_000 },
      controller.signal,
    )
    controller.abort()
    expect(await posting).toEqual({ answered: false, reason: 'failed' })
  })

  it('to nobody is refused', async () => {
    expect(await postTo('http://127.0.0.1:9/', ['127.0.0.1'])).toMatchObject({ answered: false })
  })

  it('goes nowhere it may not', async () => {
    for (const url of [
      origin,
      origin.replace('127.0.0.1', 'localhost'),
      'http://[::1]/',
      'nothing',
    ])
      expect(await postTo(url, [])).toEqual({ answered: false, reason: 'not allowed' })
  })
})

describe('an address that was not', () => {
  it.each([
    // Spellings of 127.0.0.1.
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://127.1/',
    'http://127.0.1/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0x7f.0.0.0x1/',
    'http://2130706433/',
    'http://2130706433./',
    'http://017700000001/',
    'http://0177.0.0.01/',
    'http://１２７.０.０.１/',
    'http://①②⑦.0.0.1/',
    'http://127。0。0。1/',
    'http://%31%32%37.0.0.1/',
    'http://1\u200b27.0.0.1/',
    'http:\\\\127.0.0.1/',
    'http:127.0.0.1',
    'https://127.0.0.1/',
    // And in IPv6.
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    // Names.
    'http://localhost/',
    'HTTP://LOCALHOST/',
    // Others that are not public.
    'http://0/',
    'http://0.0.0.0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:169.254.169.254]/',
    'http://10.1.2.3/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::]/',
    'http://[fd00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://[fe80::1%25eth0]/',
    'http://[fe80::1%eth0]/',
    'http://[ff02::1]/',
    'http://[100::1]/',
    // URLs that cannot name a file.
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1/',
    'http://user:password@127.0.0.1/',
    'http://example.com@127.0.0.1/',
    'http://127.0.0.1:80@example.com/',
    'http://256.1.1.1/',
    'http://[::1/',
    'javascript:alert(1)',
    'nothing',
    '',
  ])('is not fetched: %s', async (url) => {
    await expect(fetchText(url)).rejects.toMatchObject({ reason: 'not allowed' })
  })

  it('is told from the public internet', () => {
    const none = new BlockList()
    for (const address of ['1.1.1.1', '93.184.216.34', '2606:4700::1111', '223.255.255.1'])
      expect(mayReach(address, none), address).toBe(true)
    for (const address of [
      '192.168.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      'ff02::1',
      '2002::1',
      'fe80::1%eth0',
      '64:ff9b::8.8.8.8',
      '::ffff:10.0.0.1',
      '4000::1',
      '5f00::1',
    ])
      expect(mayReach(address, none), address).toBe(false)
  })
})
