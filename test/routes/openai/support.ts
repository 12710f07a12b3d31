import OpenAI from 'openai'
import { listen } from '../../support/listen.ts'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestAppOptions } from '../../support/test-app.ts'

export const token = 'a-token-for-tests'

/** Models of text and of numbers, that do what a client can meet. */
export const models = {
  // Says what it was given, as JSON, a few characters at a time.
  chat: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/chat', description: 'Answers with what it was asked.',
      input: z.object({
        prompt: z.string().optional(),
        messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).optional(),
        image: file().optional(),
        max_tokens: z.int().min(1).max(100).optional(),
        temperature: z.number().min(0).max(1).optional(),
        stop: z.array(z.string()).optional(),
        mood: z.enum(['calm', 'loud']).optional(),
        seed: z.int().optional(),
      }),
      output: z.string(), copies: 8,
      async *run(input, { signal }) {
        const asked = input.messages?.at(-1)?.content ?? input.prompt ?? ''
        if (asked === 'fail') throw new Error('The cat is out of the bag.')
        if (asked === 'wait') await wait(600000, undefined, { signal })
        if (asked === 'long') {
          for (let at = 0; at < 40; at++) yield 'é🌵'.repeat(15000)
          return
        }
        const text = JSON.stringify(input)
        for (const piece of text.match(/.{1,7}/gsu) ?? []) yield piece
        if (asked === 'half') {
          await wait(20)
          throw new Error('It broke in the middle.')
        }
        if (asked === 'begin') await wait(600000, undefined, { signal })
      },
    })`,
  plain: `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/plain', description: 'Takes a prompt alone.',
      input: z.object({ prompt: z.string(), system_prompt: z.string().optional() }),
      output: z.string(),
      run: ({ prompt, system_prompt }) => JSON.stringify({ prompt, system_prompt }),
    })`,
  vectors: `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/vectors', description: 'Makes numbers of texts.',
      input: z.object({ input: z.array(z.string()), dimensions: z.int().default(3) }),
      output: z.array(z.array(z.number())),
      run: ({ input, dimensions }) => input.map((text) =>
        Array.from({ length: dimensions }, (_, at) => [text.length, 0.5, -1][at] ?? at / 7)),
    })`,
  vector: `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/vector', description: 'Makes numbers of one text.',
      input: z.object({ text: z.string() }),
      output: z.array(z.number()),
      run: ({ text }) => [text.length, 0.25],
    })`,
  picture: `
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/picture', description: 'Makes a picture.',
      input: z.object({ prompt: z.string() }),
      output: file(),
      run: (_, ctx) => ctx.file(Buffer.from('x'), { name: 'x.txt' }),
    })`,
} as const

/** An app on a socket, with OpenAI’s own client, which knows nothing of it but its address. */
export async function startOpenAi(options: TestAppOptions = {}) {
  const sandpit = await createTestApp({
    models: [writeModels(models)],
    ...options,
    environment: { SANDPIT_API_TOKENS: token, ...options.environment },
  })
  const server = await listen(sandpit)
  const requests: string[] = []
  const client = new OpenAI({
    apiKey: token,
    baseURL: `${server.url}/openai/v1`,
    fetch(url, init) {
      requests.push(`${init?.method} ${new URL(String(url)).pathname}`)
      return fetch(url, init)
    },
  })
  return {
    ...sandpit,
    url: server.url,
    client,
    /** What the client has sent so far. */
    requests,
    post: (path: string, body: object | string) =>
      fetch(`${server.url}/openai/v1${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async close() {
      await server.close()
      await sandpit.close()
    },
  }
}

export type OpenAiApp = Awaited<ReturnType<typeof startOpenAi>>
