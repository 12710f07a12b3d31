import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { createGuard } from '../../../src/outbound/guard.ts'
import { createCogProvider } from '../../../src/providers/cog/cog.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { type Part, type ProviderSetUp, parts } from '../conformance.ts'
import type { Generation } from './cog-generations.ts'
import { asking, fileBytes, hastyLimits, textOutput } from './cog-models.ts'
import type { CogModel } from './cog-run.ts'
import { type CogServer, startCogServer } from './cog-server.ts'

/** The models of the parts. */
export const partModels: Readonly<Record<Part, CogModel>> = {
  echo: {
    input: asking({ text: { type: 'string' } }),
    output: textOutput,
    async predict({ text }) {
      return String(text)
    },
  },
  stream: {
    input: asking({ count: { type: 'integer' } }),
    output: { type: 'array', items: { type: 'string' }, 'x-cog-array-type': 'iterator' },
    streams: true,
    async *predict({ count }) {
      for (let item = 1; item <= Number(count); item++) {
        yield `${item} `
        await wait(30)
      }
    },
  },
  report: {
    input: asking({}),
    output: textOutput,
    async predict(_, { log }) {
      log('step 1\n')
      await wait(30)
      log('step 2\n')
      return 'reported'
    },
  },
  fail: {
    input: asking({ reason: { type: 'string' } }),
    output: textOutput,
    async predict({ reason }) {
      throw new Error(String(reason))
    },
  },
  slow: {
    input: asking({}),
    output: textOutput,
    async predict(_, { log, signal }) {
      log('working\n')
      await wait(60_000, undefined, { signal })
      return 'done'
    },
  },
  copy: {
    input: asking({ file: { type: 'string', format: 'uri' } }),
    output: { type: 'string', format: 'uri' },
    async predict({ file }) {
      const bytes = await fileBytes(String(file))
      return `data:application/octet-stream;base64,${bytes.toString('base64')}`
    },
  },
  garbage: {
    input: asking({}),
    output: textOutput,
    async predict() {
      return 42
    },
  },
  vanish: {
    input: asking({}),
    output: textOutput,
    async predict(_, { log }) {
      log('working\n')
      await wait(60_000, undefined, { ref: false })
      return 'done'
    },
  },
}

/** Where containers post to. `told` is called after each update: a caller that received one is not called again. */
export async function startHooks(
  provider: Provider,
  told: (id: string, body: Buffer) => Promise<void>,
) {
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const id = request.url?.slice(1) ?? ''
    await provider.receive?.(id, { headers: new Headers(), body })
    response.end()
    await told(id, body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    callbackUrl: (id: string) => `http://127.0.0.1:${port}/${id}`,
    close(): void {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The parts of the conformance suite, each in containers of its own, which can post to us. */
export async function setUpCog(generation: Generation): Promise<ProviderSetUp> {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-cog-'))
  const servers: { part: Part; server: CogServer }[] = []
  for (const part of [...parts, 'slow'] as const)
    servers.push({ part, server: await startCogServer({ model: partModels[part], generation }) })
  const ref = (part: Part) => ({ owner: 'test', name: part })
  const provider = createCogProvider({
    models: servers.map(({ part, server }) => ({ ref: ref(part), url: server.origin })),
    records: { all: () => [] },
    folder,
    guard: createGuard({ allow: [] }),
    now: Date.now,
    limits: hastyLimits,
  })
  const hooks = await startHooks(provider, async (id, body) => {
    const vanishing = servers.find(({ part }) => part === 'vanish')?.server
    if (vanishing?.asked.includes(`PUT /predictions/${id}`) && body.includes('working'))
      await vanishing.close()
  })

  return {
    provider,
    model: ref,
    lacks: ['progress', 'names'],
    callbackUrl: hooks.callbackUrl,
    working: () =>
      servers
        .filter(({ part }) => part === 'slow')
        .reduce((sum, { server }) => sum + server.working(), 0),
    async close() {
      await provider.close()
      await Promise.all(servers.map(({ server }) => server.close()))
      hooks.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
