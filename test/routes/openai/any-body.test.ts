import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OpenAiApp, startOpenAi } from './support.ts'

let sandpit: OpenAiApp
beforeAll(async () => {
  sandpit = await startOpenAi()
})
afterAll(() => sandpit.close())

const json = fc.jsonValue({ maxDepth: 3 })
const names = [
  'messages',
  'stream',
  'stop',
  'n',
  'tools',
  'response_format',
  'temperature',
] as const
const content = fc.oneof(
  json,
  fc.array(fc.record({ type: fc.constant('image_url'), image_url: json })),
)
const messages = fc.array(
  fc.record({ role: fc.constantFrom('user', 'system', 'assistant', 'tool'), content }),
  { maxLength: 3 },
)

it('answers any body of a chat with an error of its own, or runs it', async () => {
  const members = fc.dictionary(fc.constantFrom(...names, 'seed', 'image', '__proto__'), json)
  const chat = fc.record({ members, messages: fc.oneof(messages, json) })
  await fc.assert(
    fc.asyncProperty(chat, async ({ members, messages }) => {
      const body = { ...members, model: 'team/chat', messages }
      const { status } = await sandpit.post('/chat/completions', body)
      expect([200, 400], JSON.stringify(body)).toContain(status)
    }),
    { numRuns: 150 },
  )
})

it('answers any body of embeddings with an error of its own, or runs it', async () => {
  const body = fc.record({ input: json, encoding_format: json, dimensions: json })
  await fc.assert(
    fc.asyncProperty(body, async (members) => {
      const { status } = await sandpit.post('/embeddings', { ...members, model: 'team/vectors' })
      expect([200, 400], JSON.stringify(members)).toContain(status)
    }),
    { numRuns: 100 },
  )
})
