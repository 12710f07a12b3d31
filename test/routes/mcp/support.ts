import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { listen } from '../../support/listen.ts'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestAppOptions } from '../../support/test-app.ts'

export const token = 'a-token-for-tests'

/** Models that do what an assistant can meet. */
export const models = {
  echo: `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/echo', description: 'Says it again.',
      input: z.object({
        text: z.string().max(20).describe('What to say.'),
        times: z.int().min(1).max(3).default(1),
        mood: z.enum(['calm', 'loud']).optional(),
      }),
      output: z.string(),
      run: ({ text, times }) => text.repeat(times),
    })`,
  'paint-2.5': `
    import { defineModel, file, z } from 'sandpit/model'
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    export default defineModel({
      name: 'team/paint-2.5', description: 'Paints a picture.',
      input: z.object({ prompt: z.string(), reference: file().optional() }),
      output: z.object({ picture: file(), seed: z.int() }),
      run: (_, ctx) => ({
        picture: ctx.file(Buffer.from(pixel, 'base64'), { name: 'picture.png' }), seed: 7,
      }),
    })`,
  slow: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/slow', description: 'Takes its time.',
      input: z.object({ ms: z.int(), fail: z.boolean().optional() }),
      output: z.string(), copies: 4,
      async run({ ms, fail }, { progress, signal }) {
        progress({ fraction: 0.25, label: 'Stirring' })
        await wait(ms, undefined, { signal })
        if (fail) throw new Error('The cat is out of the bag.')
        return 'done'
      },
    })`,
  keeper: `
    import { defineModel, secret, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/keeper', description: 'Keeps a secret.',
      input: z.object({ text: z.string(), password: secret().optional() }),
      output: z.string(),
      run: ({ text }) => text,
    })`,
} as const

/** Many more models, which would be too many tools. */
const herd = Array.from({ length: 40 }, (_, at) => [
  `sheep-${at}`,
  `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'herd/sheep-${at}', description: 'Bleats in key ${at}.',
      input: z.object({ text: z.string() }), output: z.string(),
      run: ({ text }) => text + ' baa',
    })`,
])

export const manyModels: Readonly<Record<string, string>> = {
  ...models,
  ...Object.fromEntries(herd),
}

/** An app on a socket, and clients of its tools. */
export async function startMcp(options: TestAppOptions = {}) {
  const sandpit = await createTestApp({
    models: [writeModels(models)],
    ...options,
    environment: { SANDPIT_API_TOKENS: token, ...options.environment },
  })
  const server = await listen(sandpit)
  const url = new URL(`${server.url}/mcp`)
  const requestInit = (bearer: string) => ({ headers: { Authorization: `Bearer ${bearer}` } })
  return {
    ...sandpit,
    url: server.url,
    /** A client of the present SDK, which negotiates the newest protocol. */
    async connect(bearer = token, at = url) {
      const client = new Client(
        { name: 'test', version: '1' },
        { versionNegotiation: { mode: 'auto' } },
      )
      await client.connect(
        new StreamableHTTPClientTransport(at, { requestInit: requestInit(bearer) }),
      )
      return client
    },
    /** The same, as it is without settings: it begins with `initialize`. */
    async connectPlain(bearer = token) {
      const client = new Client({ name: 'test', version: '1' })
      await client.connect(
        new StreamableHTTPClientTransport(url, { requestInit: requestInit(bearer) }),
      )
      return client
    },
    /** A client of the SDK before. */
    async connectOld(bearer = token) {
      const client = new OldClient({ name: 'test', version: '1' })
      await client.connect(new OldTransport(url, { requestInit: requestInit(bearer) }))
      return client
    },
    async close() {
      await server.close()
      await sandpit.close()
    },
  }
}

export type McpApp = Awaited<ReturnType<typeof startMcp>>
