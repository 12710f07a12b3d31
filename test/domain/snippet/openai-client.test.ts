import { expect, it } from 'vitest'
import { fillForm } from '../../../src/domain/form/form.ts'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import { codeText } from '../../../src/domain/snippet/code.ts'
import { snippetInputs } from '../../../src/domain/snippet/input.ts'
import { mcpConfiguration } from '../../../src/domain/snippet/mcp.ts'
import { openAiAsked, openAiNode, openAiPython } from '../../../src/domain/snippet/openai-client.ts'

const text = { type: 'string' }
const list = { type: 'array', items: { type: 'object' } }
const address = 'http://localhost:3000'
const model = { owner: 'ann', name: 'chat' }

function schemaOf(properties: Record<string, object>, output: object = text) {
  const document = { Input: { type: 'object', properties }, Output: output }
  return readSchema(JSON.parse(JSON.stringify(document)))
}

const chat = schemaOf({ prompt: text, system_prompt: text, messages: list })

const asked = (schema: typeof chat, input: JsonObject) =>
  openAiAsked(schema, snippetInputs(fillForm(schema, input)))

it('asks with the conversation of the form', () => {
  const messages = [
    { role: 'user', content: 'Why?' },
    { role: 'assistant', content: 'Because.' },
  ]
  expect(asked(chat, { prompt: 'And now?', system_prompt: 'Be kind.', messages })).toEqual({
    kind: 'chat',
    messages: [
      { role: 'system', content: 'Be kind.' },
      ...messages,
      { role: 'user', content: 'And now?' },
    ],
  })
  expect(asked(chat, {})).toEqual({
    kind: 'chat',
    messages: [{ role: 'user', content: 'your prompt' }],
  })
})

it('asks for embeddings, and nothing of other models', () => {
  const numbers = { type: 'array', items: { type: 'number' } }
  const embeddings = schemaOf({ input: text }, numbers)
  expect(asked(embeddings, { input: 'sand' })).toEqual({ kind: 'embeddings', input: 'sand' })
  expect(asked(schemaOf({ prompt: text }, { type: 'string', format: 'uri' }), {})).toBeNull()
})

it('is code for both clients', () => {
  const given = asked(chat, { prompt: 'Say "sand"' })
  if (!given) throw new Error('It cannot be asked')
  const request = { model, address, needsToken: true, asked: given }
  const python = codeText(openAiPython(request))
  expect(python).toContain('base_url="http://localhost:3000/openai/v1"')
  expect(python).toContain('api_key=os.environ["SANDPIT_TOKEN"]')
  expect(python).toContain('"content": "Say \\"sand\\""')
  const node = codeText(openAiNode({ ...request, needsToken: false }))
  expect(node).toContain("model: 'ann/chat'")
  expect(node).toContain("apiKey: 'none needed'")
  const body = node.replace(/^import .*$/m, '')
  expect(() => new Function(`return async () => {${body}}`)).not.toThrow()
})

it('is a configuration that assistants read', () => {
  const read = (needsToken: boolean) =>
    JSON.parse(codeText(mcpConfiguration({ address, needsToken })))
  const server = { type: 'http', url: 'http://localhost:3000/mcp' }
  expect(read(false)).toEqual({ mcpServers: { sandpit: server } })
  expect(read(true)).toEqual({
    mcpServers: { sandpit: { ...server, headers: { Authorization: 'Bearer TOKEN' } } },
  })
})
