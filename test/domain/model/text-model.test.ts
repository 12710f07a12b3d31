import { describe, expect, it } from 'vitest'
import {
  makesEmbeddings,
  takesConversation,
  textInputs,
} from '../../../src/domain/model/text-model.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'

const joined = {
  type: 'array',
  items: { type: 'string' },
  'x-cog-array-type': 'iterator',
  'x-cog-array-display': 'concatenate',
}
const text = { type: 'string' }
const file = { type: 'string', format: 'uri' }

function schemaOf(properties: Record<string, object>, output: object) {
  return readSchema(
    JSON.parse(JSON.stringify({ Input: { type: 'object', properties }, Output: output })),
  )
}

describe('a model that makes a text', () => {
  it('is asked by the inputs that have known names', () => {
    const inputs = {
      prompt: text,
      system_prompt: text,
      images: { type: 'array', items: file },
      max_new_tokens: { type: 'integer' },
      stop_sequences: text,
    }
    expect(textInputs(schemaOf(inputs, joined))).toEqual({
      prompt: 'prompt',
      messages: null,
      system: 'system_prompt',
      image: 'images',
      maxTokens: 'max_new_tokens',
      stop: 'stop_sequences',
    })
  })

  it('is none that makes a file, a list or numbers, or that takes no text', () => {
    for (const output of [file, { type: 'array', items: text }, { type: 'number' }])
      expect(textInputs(schemaOf({ prompt: text }, output))).toBeNull()
    expect(textInputs(schemaOf({ image: file }, text))).toBeNull()
    expect(textInputs(schemaOf({ prompt: file }, text))).toBeNull()
  })

  it('goes on from its answer if it takes the conversation so far', () => {
    const messages = { type: 'array', items: { type: 'object' } }
    expect(takesConversation(schemaOf({ prompt: text, messages }, joined))).toBe(true)
    expect(takesConversation(schemaOf({ prompt: text }, joined))).toBe(false)
    expect(takesConversation(schemaOf({ prompt: text, messages: text }, joined))).toBe(false)
  })
})

describe('a model that makes embeddings', () => {
  const numbers = { type: 'array', items: { type: 'number' } }

  it('turns a text into numbers', () => {
    expect(makesEmbeddings(schemaOf({ input: text }, numbers))).toBe(true)
    expect(makesEmbeddings(schemaOf({ texts: text }, { type: 'array', items: numbers }))).toBe(true)
    expect(makesEmbeddings(schemaOf({ image: file }, numbers))).toBe(false)
    expect(makesEmbeddings(schemaOf({ input: text }, text))).toBe(false)
  })
})
