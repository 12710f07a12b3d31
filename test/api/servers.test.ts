import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { mismatches, pixel, startApi } from './support.ts'

interface Made {
  readonly id: string
  readonly status: string
  readonly output: unknown
  readonly urls: Readonly<Record<'get' | 'cancel' | 'web' | 'stream', string>>
}

const wait = { Prefer: 'wait' }
const asMade = async (response: Response) => (await response.json()) as Made

describe('a server that is started again', () => {
  it('knows its predictions, and the addresses that it gave out still work', async () => {
    const environment = { SANDPIT_API_FILES: 'url' }
    const first = await startApi({ environment })
    const run = (model: string, input: object, headers = {}) =>
      first.ask('/v1/predictions', { json: { version: model, input }, headers })
    const words = await asMade(await run('test/words', { words: ['a', 'b'] }, wait))
    const pictures = await asMade(await run('test/pictures', {}, wait))
    const running = await asMade(await run('test/slow', { ms: 100 }))
    const [file = ''] = pictures.output as string[]
    await first.stop('SIGKILL')

    const second = await startApi({
      data: first.data,
      environment: { ...environment, PORT: String(first.port) },
    })
    expect(await (await fetch(words.urls.stream)).text()).toContain('event: done')
    expect(Buffer.from(await (await fetch(file)).arrayBuffer())).toEqual(pixel)
    expect(new URL(file).pathname).toMatch(/\/picture%200\.png$/)
    expect(await asMade(await second.ask(words.urls.get))).toEqual({
      ...words,
      urls: words.urls,
    })
    await eventually(async () =>
      expect(await asMade(await second.ask(running.urls.get))).toMatchObject({ output: 'done' }),
    )
    await second.stop()
    expect(await mismatches()).toEqual([])
  })
})

describe('a server under a path, where people sign in', () => {
  it('gives programs addresses under that path, which need no signing in', async () => {
    const sandpit = await startApi({
      base: '/sandpit-test',
      environment: { SANDPIT_AUTH: 'basic:ada:secret', SANDPIT_API_FILES: 'url' },
    })
    expect(await sandpit.replicate.run('test/echo', { input: { text: 'x' } })).toBe('x')
    const [output] = (await sandpit.replicate.run('test/pictures', {
      input: { image: Buffer.from('a text') },
    })) as [string]
    expect(output).toContain(`${sandpit.url}/v1/files/`)
    expect(await (await fetch(output)).text()).toBe('a text')
    const asPage = output.replace(/\/v1\/files\/(\w+)\/content\/[^/]+/, '/files/$1')
    expect((await fetch(asPage)).status).toBe(401)

    const words: string[] = []
    const input = { words: ['a', 'b'] }
    for await (const { event, data } of sandpit.replicate.stream('test/words', { input }))
      if (event === 'output') words.push(data)
    expect(words).toEqual(['a', 'b'])

    const { results, next } = await sandpit.replicate.predictions.list()
    expect(results).toHaveLength(3)
    expect(next).toBeFalsy()
    expect(results[0]?.urls.get).toBe(`${sandpit.url}/v1/predictions/${results[0]?.id}`)
    await sandpit.stop()
    expect(await mismatches()).toEqual([])
  })

  it('lets nobody in without a token, this machine neither', async () => {
    const sandpit = await startApi({
      environment: { SANDPIT_AUTH: 'basic:ada:secret', SANDPIT_API_TOKENS: '' },
    })
    const response = await fetch(`${sandpit.url}/v1/account`)
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('You did not pass a valid authentication token')
    await sandpit.stop()
  })
})

describe('a server without tokens', () => {
  it('answers this machine, whatever token it sends, and no page of another site', async () => {
    const sandpit = await startApi({ environment: { SANDPIT_API_TOKENS: '' } })
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${sandpit.url}/v1/account`, { headers })
    expect((await ask()).status).toBe(200)
    expect((await ask({ Authorization: 'Bearer r8_anything' })).status).toBe(200)
    for (const elsewhere of [
      { 'X-Forwarded-For': '203.0.113.7' },
      { 'X-Forwarded-Proto': 'https' },
      { 'X-Real-IP': '203.0.113.7' },
      { Forwarded: 'for=203.0.113.7' },
      { Via: '1.1 proxy' },
      { Origin: 'https://example.com' },
      { Origin: 'null' },
    ] as Record<string, string>[])
      expect((await ask(elsewhere)).status).toBe(401)
    // A browser names these by itself; fetch of Node would send its own.
    expect(await statusOf(sandpit.port, { 'Sec-Fetch-Site': 'cross-site' })).toBe(401)
    expect(await statusOf(sandpit.port, { 'Sec-Fetch-Site': 'same-origin' })).toBe(200)
    expect(await statusOf(sandpit.port, { Host: 'rebound.example' })).toBe(421)
    await sandpit.stop()
  })
})

describe('a server whose line is short', () => {
  it('says when it is full, and when to try again', async () => {
    const sandpit = await startApi({ environment: { SANDPIT_MAX_QUEUE: '1' } })
    const run = () =>
      sandpit.ask('/v1/predictions', { json: { version: 'test/pictures', input: {} } })
    const slow = () =>
      sandpit.ask('/v1/models/test/words/predictions', {
        json: { input: { words: ['a', 'b'], everyMs: 600_000 } },
      })
    expect((await run()).status).toBe(201)
    const answers: Response[] = []
    for (let asked = 0; asked < 6; asked++) answers.push(await slow())
    const refused = answers.at(-1)
    expect(refused?.status).toBe(503)
    expect(refused?.headers.get('Retry-After')).toBe('10')
    expect(await refused?.json()).toMatchObject({ title: 'Queue full', status: 503 })
    await sandpit.stop('SIGKILL')
  })
})

describe('whoever leaves', () => {
  it('frees what was kept open for them', async () => {
    const sandpit = await startApi()
    const json = { version: 'test/slow', input: {} }
    const { urls } = await asMade(await sandpit.ask('/v1/predictions', { json }))
    // More than may be open at once, each left before the next.
    for (let opened = 0; opened < 600; opened++) {
      const leaving = new AbortController()
      const response = await fetch(urls.stream, { signal: leaving.signal })
      expect(response.status).toBe(200)
      leaving.abort()
    }
    const waiting = new AbortController()
    const headers = { Prefer: 'wait=60' }
    const asked = sandpit.ask('/v1/predictions', { json, headers, signal: waiting.signal })
    waiting.abort()
    await expect(asked).rejects.toThrow()
    await sandpit.ask(urls.cancel, { method: 'POST' })
    expect(await (await fetch(urls.stream)).text()).toContain('canceled')
    await sandpit.stop()
  })
})

function statusOf(port: number, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/v1/account', headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asked.on('error', reject).end()
  })
}
