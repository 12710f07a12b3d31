import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ApiServer, startApi, token } from './support.ts'

let sandpit: ApiServer
beforeAll(async () => {
  sandpit = await startApi()
})
afterAll(() => sandpit.stop())

it('answers OpenAI’s client, whole and as a stream', async () => {
  const client = new OpenAI({ apiKey: token, baseURL: `${sandpit.url}/openai/v1` })
  const request = {
    model: 'test/echo',
    messages: [{ role: 'user' as const, content: 'hello' }],
  }
  const whole = await client.chat.completions.create(request)
  expect(whole.choices[0]?.message.content).toBe('hello')
  const stream = await client.chat.completions.create({ ...request, stream: true })
  let text = ''
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  expect(text).toBe('hello')
})

it('runs models as tools', async () => {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: 'auto' } },
  )
  const requestInit = { headers: { Authorization: `Bearer ${token}` } }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${sandpit.url}/mcp`), { requestInit }),
  )
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toContain('test__echo')
  const echo = { name: 'test__echo', arguments: { text: 'hi', times: 3 } }
  expect((await client.callTool(echo)).structuredContent).toMatchObject({ output: 'hihihi' })
  await client.close()
})
