import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createUpstreamClient } from '../../../src/providers/upstream/client.ts'
import { collect } from '../../../src/providers/upstream/collect.ts'
import { selected } from '../../../src/providers/upstream/selection.ts'
import { usualHold } from '../support/longest-hold.ts'

/** Expects no more than half of what the same takes in one piece, on this machine as busy as it is. */
async function expectInSteps(heldMs: number, inOnePiece: () => unknown): Promise<void> {
  expect(heldMs).toBeLessThan((await usualHold(async () => inOnePiece())) / 2)
}

async function clientOf(text: string) {
  const body = Buffer.from(text)
  const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const client = createUpstreamClient(10_000, 10 * 2 ** 20)
  return { client, url: `http://127.0.0.1:${port}/` }
}

const nodes = Object.fromEntries(
  Array.from({ length: 200 }, (_, at) => [
    at,
    { class_type: 'K', inputs: { seed: at, a: [1, 2] } },
  ]),
)

describe('a large document', () => {
  it('holds up nobody, and has the parts that are asked for', async () => {
    const pending = Array.from({ length: 600 }, (_, at) => [at, `id-${at}`, nodes, {}, []])
    const body = JSON.stringify({ queue_running: [], queue_pending: pending })
    expect(body.length).toBeGreaterThan(4 * 2 ** 20)
    const { client, url } = await clientOf(body)
    const selection = { queue_pending: { '*': { 0: 'all', 1: 'all' } } } as const
    // Loads the client.
    await client.get(url, {}, selection)
    let read: unknown
    const held = await usualHold(async () => {
      read = (await client.get(url, {}, selection)).json
    })
    expect(read).toEqual({ queue_pending: pending.map(([at, id]) => [at, id]) })
    await expectInSteps(held, () => JSON.parse(body))
  })

  it('is refused when more of it is asked for than can be read', async () => {
    const { client, url } = await clientOf(JSON.stringify(Array(400_000).fill('text')))
    await expect(client.get(url)).rejects.toMatchObject({
      large: true,
      message: 'its response says too much',
    })
  })

  it('may be no JSON, or not end', async () => {
    const { client, url } = await clientOf('['.repeat(2_000_000))
    expect(await client.get(url)).toMatchObject({ status: 200, json: undefined })
    const endless = await clientOf('1'.repeat(11 * 2 ** 20))
    await expect(endless.client.get(endless.url)).rejects.toMatchObject({ large: true })
  })
})

it('gathers a body of 100 MB without a pause', async () => {
  const chunk = Buffer.alloc(65_536, 'a')
  async function* body() {
    for (let sent = 0; sent < 1_600; sent++) {
      yield chunk
      await turn()
    }
  }
  let size = 0
  const held = await usualHold(async () => {
    size = (await collect(body(), 128 * 2 ** 20)).length
  })
  expect(size).toBe(1_600 * 65_536)
  await expectInSteps(held, () => Buffer.concat(Array(1_600).fill(chunk)))
})

it.each([
  [{ a: 1, b: { c: 2, d: 3 } }, { b: { c: 'all' } }, { b: { c: 2 } }],
  [{ a: { x: 1, y: 2 }, b: { x: 3 } }, { '*': { x: 'all' } }, { a: { x: 1 }, b: { x: 3 } }],
  [[['a', 'b', 'c'], 'd'], { '*': { 1: 'all' } }, [['b'], 'd']],
  [
    JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
    { toString: 'all', constructor: 'all' },
    { constructor: 2 },
  ],
  ['text', { a: 'all' }, 'text'],
] as const)('selects parts of %j', (json, selection, parts) => {
  expect(selected(json, selection)).toEqual(parts)
})
