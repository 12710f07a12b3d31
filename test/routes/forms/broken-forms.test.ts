import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BadForm, boundaryOf, type Part, partsOf } from '../../../src/routes/forms/multipart.ts'
import { eventually } from '../../support/eventually.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const fileHead = 'Content-Disposition: form-data; name="input.file"; filename="a.bin"'
const field = (name: string, text: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`
const file = (text: string) => `--x\r\n${fileHead}\r\n\r\n${text}`
const whole = 'multipart/form-data; boundary=x'
const long = 'a'.repeat(100_000)

/** Bodies that are not what they say they are, by what is wrong with them. */
const broken: readonly (readonly [string, string, string])[] = [
  ['cut off in a file', whole, file(long)],
  ['cut off at once in a file', whole, file('')],
  ['cut off in its second file', whole, `${file(long)}\r\n${file('b')}`],
  ['cut off in a field', whole, field('theme', 'dark').slice(0, -4)],
  ['cut off after a field', whole, field('theme', 'dark')],
  ['cut off in the name of a part', whole, '--x\r\nContent-Disposition: form-data; na'],
  ['cut off in its last boundary', whole, `${field('theme', 'dark')}--x-`],
  ['with a part without a name', whole, '--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--'],
  ['with a file without a name', whole, `${file('b').replace(' name="input.file";', '')}\r\n--x--`],
  ['with a part without headers', whole, '--x\r\n\r\nb\r\n--x--\r\n'],
  ['with garbage for headers', whole, `--x\r\n\0\u0001 : :\r\n\r\nb\r\n--x--`],
  ['with endless headers', whole, `--x\r\nA: ${long}\r\n\r\nb\r\n--x--`],
  ['with another disposition', whole, '--x\r\nContent-Disposition: file; name=a\r\n\r\nb\r\n--x--'],
  [
    'with an unclosed quote',
    whole,
    '--x\r\nContent-Disposition: form-data; name="a\r\n\r\nb\r\n--x--',
  ],
  ['with another boundary', 'multipart/form-data; boundary=y', `${file('b')}\r\n--x--`],
  ['without a boundary', 'multipart/form-data', `${file('b')}\r\n--x--`],
  ['with an empty boundary', 'multipart/form-data; boundary=""', `${file('b')}\r\n--x--`],
  ['without anything', whole, ''],
  ['of binary rubbish', whole, '\0\u00ff\u0001'.repeat(1_000)],
  ['of another type', 'application/json', '{"theme":"dark"}'],
]

let sandpit: TestApp
let server: ReturnType<typeof serve>
let port = 0
beforeAll(async () => {
  sandpit = await createTestApp()
  server = serve({ fetch: sandpit.app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.close()
  await sandpit.close()
})

/** Where forms of our own pages are sent, each with something in the place of what its address names. */
function formPaths(): string[] {
  const taking = sandpit.app.routes.filter(
    ({ method, path }) => method === 'POST' && !/^\/(?:embed|hooks|sign-out)(?:\/|$)/.test(path),
  )
  return [...new Set(taking.map(({ path }) => pathIn(path)))]
}

/** The form of a model is read once it is known who may edit that model. */
function pathIn(route: string): string {
  const named = route.replace(':owner/:name', 'sandpit/hello-world')
  return named.replace(/:\w+/g, 'a'.repeat(26))
}

interface Sent {
  readonly path: string
  readonly type: string
  readonly body: string
  /** Goes away after the body, which says that it is longer. */
  readonly leaves?: boolean
}

/** A request over a socket: the status and the text of its answer, 0 when there was none. */
function send({ path, type, body, leaves = false }: Sent) {
  const bytes = Buffer.from(body, 'latin1')
  const asked = request({
    port,
    path,
    method: 'POST',
    agent: false,
    headers: {
      'Content-Type': type,
      'Content-Length': bytes.length + (leaves ? 1_000 : 0),
      'Sec-Fetch-Site': 'same-origin',
    },
  })
  return new Promise<{ status: number; type: string; text: string }>((resolve) => {
    asked.on('error', () => resolve({ status: 0, type: '', text: '' }))
    asked.on('response', async (answer) => {
      const text = (await answer.toArray()).join('')
      resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text })
    })
    if (!leaves) asked.end(bytes)
    else asked.write(bytes, () => setImmediate(() => asked.destroy()))
  })
}

/** Files that this process has open, as far as they are in the data folder or sockets. */
function openNow(): number {
  return readdirSync('/proc/self/fd').length
}

const incoming = () => readdirSync(join(sandpit.data, 'files', 'incoming'))

describe('a form that is not whole', () => {
  it('is refused at every address that takes one, and leaves nothing', async () => {
    const paths = formPaths()
    expect(paths.length).toBeGreaterThan(10)
    await send({ path: '/theme', type: whole, body: `${field('theme', 'dark')}--x--` })
    const before = openNow()
    for (const path of paths)
      for (const [what, type, body] of broken) {
        const answer = await send({ path, type, body })
        expect(answer.status, `${path}, ${what}`).toBe(400)
        expect(answer.text, `${path}, ${what}`).toContain('That form could not be read')
      }
    expect(incoming()).toEqual([])
    await eventually(() => expect(openNow()).toBeLessThanOrEqual(before + 2))
  })

  it('is refused by the API as a problem', async () => {
    for (const [what, type, body] of broken.filter(([, type]) => type.startsWith('multipart'))) {
      const answer = await send({ path: '/v1/files', type, body })
      expect(answer.status, what).toBe(400)
      expect(answer.type, what).toBe('application/problem+json')
    }
    expect(incoming()).toEqual([])
  })

  it('leaves nothing when its sender goes away', async () => {
    const before = openNow()
    for (const path of [...formPaths(), '/v1/files'])
      for (const body of [file(long), `${field('theme', 'dark')}--x`, ''])
        expect((await send({ path, type: whole, body, leaves: true })).status).toBe(0)
    await eventually(() => {
      expect(incoming()).toEqual([])
      expect(openNow()).toBeLessThanOrEqual(before + 2)
    })
    const after = await send({
      path: '/theme',
      type: whole,
      body: `${field('theme', 'dark')}--x--`,
    })
    expect(after.status).toBe(303)
  })

  it('is answered when it stops in the middle and its sender waits', async () => {
    const asked = request({
      port,
      path: '/theme',
      method: 'POST',
      agent: false,
      headers: { 'Content-Type': whole, 'Content-Length': 1_000, 'Sec-Fetch-Site': 'same-origin' },
    })
    const answered = new Promise<number>((resolve, reject) => {
      asked.on('response', (answer) => resolve(answer.resume().statusCode ?? 0))
      asked.on('error', reject)
    })
    asked.write('--x\r\nrubbish\r\n\r\n')
    expect(await answered).toBe(400)
    asked.destroy()
  })
})

describe('a form that is whole', () => {
  it('is read as both kinds of forms', async () => {
    for (const [type, body] of [
      [whole, `${field('theme', 'dark')}--x--`],
      ['application/x-www-form-urlencoded', 'theme=dark'],
      ['', ''],
    ] as const)
      expect((await send({ path: '/theme', type, body })).status, type).toBe(303)
  })

  it('is the same however its chunks are cut', async () => {
    const text = `before\r\n${field('a', '1\r\n--')}${file('\r\n--\r\n--y')}\r\n${field('ü', 'ü')}--x--after`
    const bytes = Buffer.from(text)
    for (let size = 1; size < bytes.length; size++)
      expect(await read(bytes, size), String(size)).toEqual([
        ['a', null, '1\r\n--'],
        ['input.file', 'a.bin', '\r\n--\r\n--y'],
        ['ü', null, 'ü'],
      ])
  })

  it('has the names that its sender meant', async () => {
    const names = [
      ['filename="写真 1.png"', '写真 1.png'],
      ['filename="a%22b.txt"', 'a"b.txt'],
      ['filename="a\\"b.txt"', 'a"b.txt'],
      ['filename="a;b=c.txt"', 'a;b=c.txt'],
      [`filename="x.txt"; filename*=utf-8''%C3%BC.txt`, 'ü.txt'],
      ['filename=plain.txt', 'plain.txt'],
      ['filename=""', ''],
    ] as const
    for (const [sent, meant] of names) {
      const text = `--x\r\ncontent-disposition: form-data; name="f"; ${sent}\r\n\r\nb\r\n--x--`
      expect(await read(Buffer.from(text), 7), sent).toEqual([['f', meant, 'b']])
    }
  })

  it('is never read as whole when any part of its end is missing', async () => {
    const bytes = Buffer.from(`${field('a', '1')}${file('b')}\r\n--x--`)
    for (let length = 0; length < bytes.length; length++)
      await expect(read(bytes.subarray(0, length), 5), String(length)).rejects.toThrow(BadForm)
  })
})

describe('a boundary', () => {
  it('may be quoted, and stand anywhere', () => {
    expect(boundaryOf('multipart/form-data; charset=utf-8; boundary="a b"')).toBe('a b')
    expect(boundaryOf('multipart/form-data;BOUNDARY=----a1;charset=utf-8')).toBe('----a1')
  })
})

/** The parts of a form that arrives in chunks of a size. */
async function read(bytes: Buffer, size: number) {
  let at = 0
  const parts = partsOf(async () => {
    const chunk = bytes.subarray(at, at + size)
    at += size
    return chunk.length > 0 ? chunk : null
  }, 'x')
  const found: [string, Part['fileName'], string][] = []
  for await (const { name, fileName, content } of parts) {
    const chunks: Uint8Array[] = []
    for await (const chunk of content) chunks.push(Uint8Array.from(chunk))
    found.push([name, fileName, Buffer.concat(chunks).toString()])
  }
  return found
}
