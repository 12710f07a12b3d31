import { randomBytes } from 'node:crypto'
import { newId } from '../../src/domain/id.ts'
import { type Answer, askOnce } from './connection.ts'
import { isSignedIn, personCookie } from './person.ts'
import { sleep } from './process.ts'

const endsWithinMs = 20_000

/** The headers Chromium sends with every request. */
const browserHeaders = [
  'sec-ch-ua: "Chromium";v="140", "Not?A_Brand";v="24"',
  'sec-ch-ua-mobile: ?0',
  'sec-ch-ua-platform: "Linux"',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Accept: text/html,application/xhtml+xml',
  'Accept-Encoding: identity',
  'Accept-Language: en-US,en;q=0.9',
  'Sec-Fetch-Site: same-origin',
].join('\r\n')

/** What is typed, or a file of so many bytes. */
export type Input = string | { readonly bytes: number }

export type Visitor = Awaited<ReturnType<typeof createVisitor>>

/** A visitor with a cookie and an open form. */
export async function createVisitor(port: number, model: string) {
  const origin = `Host: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\n${browserHeaders}`
  const session = isSignedIn() ? [personCookie] : []
  const opening = [`GET /${model} HTTP/1.1`, withCookies(origin, session)]
  const first = await askOnce(port, `${opening.join('\r\n')}\r\n\r\n`)
  if (first.status !== 200) throw new Error(`/${model} was answered ${first.status}`)
  const given = [...first.head.matchAll(/^set-cookie: ([^;]*)/gim)].map(([, cookie = '']) => cookie)
  const [, version = ''] = /name="version" value="([^"]*)"/.exec(first.body.toString()) ?? []
  const headers = withCookies(origin, [...session, ...given])

  function get(path: string): string {
    return `GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`
  }

  /** The same, compressed. */
  function getCompressed(path: string): string {
    return get(path).replace('Accept-Encoding: identity', 'Accept-Encoding: gzip, deflate')
  }

  /** The request of a press on Run, with inputs and other fields of the form. */
  function run(
    inputs: Readonly<Record<string, Input>>,
    fields: Record<string, string> = {},
  ): string {
    const boundary = '----SandpitBench'
    const own = { model, version, key: freshKey(), ...fields }
    const named = Object.entries(inputs).map(([name, value]) => [`input.${name}`, value] as const)
    const parts = [...Object.entries(own), ...named].map(
      ([name, value]) => `--${boundary}\r\n${partOf(name, value)}\r\n`,
    )
    const body = `${parts.join('')}--${boundary}--\r\n`
    const type = `Content-Type: multipart/form-data; boundary=${boundary}`
    const length = `Content-Length: ${Buffer.byteLength(body)}`
    return `POST /predictions HTTP/1.1\r\n${headers}\r\n${type}\r\n${length}\r\n\r\n${body}`
  }

  /** Presses Run, and returns the path of the prediction. */
  async function start(inputs: Readonly<Record<string, Input>>): Promise<string> {
    return madeAt(await askOnce(port, run(inputs)))
  }

  return {
    /** The header lines of all requests. */
    headers,
    get,
    getCompressed,
    run,
    start,
    /** The same, after the prediction has settled. */
    async finish(inputs: Readonly<Record<string, Input>>): Promise<string> {
      const path = await start(inputs)
      const deadline = performance.now() + endsWithinMs
      while (performance.now() < deadline) {
        const { body } = await askOnce(port, get(`${path}/panel`))
        if (body.includes('aria-busy="false"')) return path
        await sleep(20)
      }
      throw new Error(`${path} did not end`)
    },
  }
}

function withCookies(lines: string, cookies: readonly string[]): string {
  return cookies.length === 0 ? lines : `${lines}\r\nCookie: ${cookies.join('; ')}`
}

/** The path of the prediction in the response to Run. */
export function madeAt({ status, head }: Answer): string {
  const [, id] = /^location: \S+(?:[?&]prediction=|\/p\/)([a-z2-7]+)/im.exec(head) ?? []
  if (status !== 303 || !id) throw new Error(`A press on Run was answered ${status}`)
  return `/p/${id}`
}

function partOf(name: string, value: Input): string {
  const head = `Content-Disposition: form-data; name="${name}"`
  if (typeof value === 'string') return `${head}\r\n\r\n${value}`
  const content = 'x'.repeat(value.bytes)
  return `${head}; filename="file.bin"\r\nContent-Type: application/octet-stream\r\n\r\n${content}`
}

function freshKey(): string {
  return newId(randomBytes(16))
}
