import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isList, type Json } from '../../src/domain/json/json.ts'
import { asking } from './support/cog-models.ts'
import { cogSandpit, cogServer } from './support/cog-sandpit.ts'
import { createReplica } from './support/replica.ts'

const files = { type: 'array', items: { type: 'string', format: 'uri' } }
const limits = { copyMs: 2_000 }

/** Where the files of outputs are; answers as its addresses say, and knows who asked for what. */
async function fileServer() {
  const asked: string[] = []
  let atOnce = 0
  let most = 0
  const answers: Readonly<Record<string, (response: ServerResponse, times: number) => void>> = {
    refused: (response) => response.writeHead(403).end(),
    missing: (response) => response.writeHead(404).end(),
    busy: (response, times) => response.writeHead(times < 3 ? 503 : 200).end('at last'),
    broken: (response) => response.destroy(),
    silent: () => {},
    slow: (response) => setTimeout(() => response.end('slow'), 30),
    moved: (response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
  }
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    most = Math.max(most, ++atOnce)
    response.once('close', () => atOnce--)
    const [, kind = ''] = url.split('/')
    answers[kind]?.(response, asked.filter((one) => one === url).length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    asked,
    mostAtOnce: () => most,
    addresses: (kind: string, count: number) =>
      Array.from({ length: count }, (_, at) => `${origin}/${kind}/${at}`),
  }
}

type Ran = { readonly status: string; readonly output: Json; readonly logs: string }

/** A run at each upstream whose output is these addresses. */
const upstreams: readonly [name: string, run: (made: Json, allow: string) => Promise<Ran>][] = [
  [
    'Cog',
    async (made, allow) => {
      const server = await cogServer({
        model: { input: asking({}), output: files, predict: async () => made },
      })
      const environment = { SANDPIT_OUTBOUND_ALLOW: allow }
      const sandpit = await cogSandpit({ models: { 'team/model': [server] }, environment, limits })
      return sandpit.run('team/model')
    },
  ],
  [
    'Replicate',
    async (made, allow) => {
      const model = { output: files, run: (run: { make(made: Json): void }) => run.make(made) }
      const replica = await createReplica({ 'test/model': model }, { allow: [allow], limits })
      onTestFinished(replica.close)
      return (await replica.run('test/model')).prediction
    },
  ],
]

describe.each(upstreams)('addresses in the output of %s', (_, run) => {
  it.each(['refused', 'missing', 'moved'])('that are %s are asked for once', async (kind) => {
    const server = await fileServer()
    const made = server.addresses(kind, 21)
    const { status, output, logs } = await run(made, server.origin)
    expect({ status, output }).toEqual({ status: 'succeeded', output: made })
    expect(server.asked.length).toBe(21)
    expect(logs.match(/could not be copied/g)).toHaveLength(21)
  })

  it('that are not allowed are not asked for', async () => {
    const server = await fileServer()
    const made = server.addresses('slow', 21)
    expect(await run(made, 'http://127.0.0.1:1')).toMatchObject({ output: made })
    expect(server.asked).toEqual([])
  })

  it('are asked for again where that may help, three times at most', async () => {
    const server = await fileServer()
    const [busy, broken] = [server.addresses('busy', 1), server.addresses('broken', 1)]
    const { output } = await run([...busy, ...broken], server.origin)
    expect(output).toEqual([expect.stringMatching(/^sandpit:/), ...broken])
    expect(server.asked.filter((path) => path.startsWith('/busy'))).toHaveLength(3)
    expect(server.asked.filter((path) => path.startsWith('/broken'))).toHaveLength(3)
  })

  it('are copied a few at once, each once, in their order', async () => {
    const server = await fileServer()
    const made = server.addresses('slow', 12)
    const { output } = await run([...made, ...made], server.origin)
    const kept = isList(output) ? output.map(String) : []
    expect(kept.map((uri) => uri.split('/').at(-1))).toEqual(
      [...made, ...made].map((url) => url.split('/').at(-1)),
    )
    expect(new Set(kept).size).toBe(12)
    expect(server.asked.length).toBe(12)
    expect(server.mostAtOnce()).toBe(4)
  })

  it('have one budget of time for them all', async () => {
    const server = await fileServer()
    const made = [...server.addresses('silent', 21), ...server.addresses('slow', 21)]
    const { status, output, logs } = await run(made, server.origin)
    expect({ status, output }).toEqual({ status: 'succeeded', output: made })
    expect(server.asked.length).toBe(4)
    expect(logs).toContain('took too long')
  })
})
