import { expect, it } from 'vitest'
import {
  continuedInput,
  questionFields,
  questionIn,
  turnsBefore,
} from '../../../../src/domain/model/chat/conversation.ts'
import { readSchema } from '../../../../src/domain/schema/schema.ts'

function schemaOf(properties: Record<string, object>) {
  const document = { Input: { type: 'object', properties }, Output: { type: 'string' } }
  return readSchema(JSON.parse(JSON.stringify(document)))
}

const text = { type: 'string' }
const list = { type: 'array', items: { type: 'object' } }
const images = { type: 'array', items: { type: 'string', format: 'uri' } }
const chat = schemaOf({ prompt: text, images, messages: list, temperature: { type: 'number' } })

it('puts a question and its answer behind the messages, and keeps the settings', () => {
  const before = [{ role: 'system', content: 'Be kind.' }]
  const input = { prompt: 'Why?', messages: before, temperature: 0.5 }
  expect(continuedInput(chat, input, 'Because.')).toEqual({
    temperature: 0.5,
    messages: [
      ...before,
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because.' },
    ],
  })
})

it('keeps pictures as parts of the question', () => {
  const url = 'sandpit:abc/dot.png'
  const input = { prompt: 'See?', images: [url] }
  const content = [
    { type: 'image_url', image_url: { url } },
    { type: 'text', text: 'See?' },
  ]
  const continued = continuedInput(chat, input, 'Yes.') ?? {}
  expect(continued.messages).toMatchObject([{ role: 'user', content }, { role: 'assistant' }])
  expect(turnsBefore(chat, continued, 24)).toEqual([
    { role: 'user', text: 'See?', attachments: 1 },
    { role: 'assistant', text: 'Yes.', attachments: 0 },
  ])
  expect(questionIn(chat, input)).toEqual({ role: 'user', text: 'See?', attachments: 1 })
})

it('adds no question that was not asked', () => {
  const input = { messages: [{ role: 'user', content: 'Why?' }] }
  expect(continuedInput(chat, input, 'Because.')?.messages).toHaveLength(2)
})

it('reads what is no conversation as nothing said', () => {
  expect(turnsBefore(chat, { messages: 'none' }, 24)).toEqual([])
  expect(turnsBefore(chat, { messages: [3, { role: 7, content: [null] }] }, 24)).toEqual([
    { role: '', text: '', attachments: 0 },
    { role: '', text: '', attachments: 1 },
  ])
})

it('is for models that take a prompt and messages', () => {
  const plain = schemaOf({ prompt: text })
  expect(questionFields(plain)).toBeNull()
  expect(continuedInput(plain, { prompt: 'Why?' }, 'Because.')).toBeNull()
  expect(turnsBefore(plain, { messages: [{ role: 'user', content: 'Why?' }] }, 24)).toEqual([])
  expect(questionFields(chat)?.image?.name).toBe('images')
})
