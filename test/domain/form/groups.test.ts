import { describe, expect, it } from 'vitest'
import { blankForm } from '../../../src/domain/form/form.ts'
import { groupFields } from '../../../src/domain/form/groups.ts'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import { schemasWith } from '../../support/domain.ts'

const text = { type: 'string', default: '' }
const file = { type: 'string', format: 'uri' }
const number = { type: 'number', default: 1 }
const integer = { type: 'integer', default: 1 }
const flag = { type: 'boolean', default: false }
const without = (schema: JsonObject): JsonObject => ({ ...schema, default: null })

/** Names of the inputs that stand open, and of those folded away. */
function grouped(properties: JsonObject, required: readonly string[] = []) {
  const ordered = Object.fromEntries(
    Object.entries(properties).map(([name, schema], at) => [
      name,
      { ...(schema as JsonObject), 'x-order': at },
    ]),
  )
  // Written backwards, as most schemas are in another order than x-order.
  const schemas = schemasWith(Object.fromEntries(Object.entries(ordered).reverse()), { required })
  const { first, more } = groupFields(blankForm(readSchema(schemas)))
  const names = (fields: typeof first) => fields.map(({ property }) => property.name)
  return { open: names(first), folded: names(more) }
}

const numbered = (count: number, schema: JsonObject) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`option_${at + 1}`, schema]))

describe('a long form', () => {
  it('shows the prompt, the picture and the size of a picture model', () => {
    expect(
      grouped({
        prompt: { type: 'string', default: 'An astronaut' },
        negative_prompt: text,
        image: file,
        mask: file,
        width: integer,
        height: integer,
        num_outputs: integer,
        scheduler: { type: 'string', enum: ['DDIM', 'K_EULER'], default: 'DDIM' },
        num_inference_steps: integer,
        guidance_scale: number,
        prompt_strength: number,
        seed: { type: 'integer' },
        refine_steps: { type: 'integer' },
        apply_watermark: { type: 'boolean', default: true },
        lora_scale: number,
        replicate_weights: { type: 'string' },
        disable_safety_checker: flag,
      }),
    ).toEqual({
      open: ['prompt', 'negative_prompt', 'image', 'width', 'height', 'num_outputs'],
      folded: [
        ...['mask', 'scheduler', 'num_inference_steps', 'guidance_scale', 'prompt_strength'],
        ...['seed', 'refine_steps', 'apply_watermark', 'lora_scale', 'replicate_weights'],
        'disable_safety_checker',
      ],
    })
  })

  it('shows both prompts of a language model, wherever they stand', () => {
    const { open, folded } = grouped({
      top_k: integer,
      top_p: number,
      prompt: { type: 'string', default: 'Johnny has 8 billion parameters.' },
      temperature: number,
      max_tokens: integer,
      presence_penalty: number,
      frequency_penalty: number,
      system_prompt: text,
      stop_sequences: { type: 'string' },
      seed: { type: 'integer' },
    })
    expect(open).toEqual(['top_k', 'prompt', 'system_prompt'])
    expect(folded).toEqual([
      ...['top_p', 'temperature', 'max_tokens', 'presence_penalty', 'frequency_penalty'],
      ...['stop_sequences', 'seed'],
    ])
  })

  it('shows what is required and what has no default, in the order of the schema', () => {
    const { open } = grouped(
      {
        ...numbered(9, number),
        strength: without(number),
        style: without(text),
        seed: { type: 'integer' },
        guidance: without(number),
        notes: text,
      },
      ['guidance'],
    )
    expect(open).toEqual([
      ...['option_1', 'option_2', 'option_3', 'option_4', 'option_5'],
      ...['option_6', 'style', 'guidance'],
    ])
  })

  it.each<[string, JsonObject]>([
    ['promptText', text],
    ['Positive_Prompt', text],
    ['prompts', { type: 'array', items: { type: 'string' }, default: [] }],
    ['tts-text', text],
    ['lyrics', text],
    ['messages', { type: 'array', items: { type: 'object' }, default: [] }],
    ['opening', { type: 'string', default: 'It was a bright cold day in April.' }],
    ['source_image', { ...file, default: 'https://example.com/a.png' }],
    ['swap_image', { ...file, default: 'https://example.com/a.png' }],
    ['audio', { ...file, default: 'https://example.com/a.wav' }],
    ['clips', { type: 'array', items: file, default: [] }],
    ['image', { type: 'string', default: '' }],
  ])('never folds %s', (name, schema) => {
    expect(grouped({ ...numbered(12, number), [name]: schema }).open).toContain(name)
  })

  it('folds the turns of a conversation where a prompt asks for the next one', () => {
    const messages = { type: 'array', items: { type: 'object' } }
    const { open } = grouped({ ...numbered(12, number), prompt: text, messages })
    expect(open).toContain('prompt')
    expect(open).not.toContain('messages')
  })

  it.each<[string, JsonObject]>([
    ['seed', { type: 'integer' }],
    ['mask', file],
    ['mask_image', file],
    ['guidanceScale', number],
    ['prompt_strength', number],
    ['lora_weights', { type: 'string' }],
    ['top_p', { type: 'number' }],
  ])('folds %s first', (name, schema) => {
    const { folded } = grouped({ prompt: text, [name]: schema, ...numbered(12, number) })
    expect(folded[0]).toBe(name)
    expect(folded).toHaveLength(6)
  })

  it('folds what is deprecated, and shows it last where it is required', () => {
    const old = { ...number, deprecated: true }
    expect(grouped({ old, ...numbered(12, number) }).folded.at(-1)).toBe('old')
    expect(grouped({ old, ...numbered(12, number) }, ['old']).open.at(-1)).toBe('old')
  })
})

describe('a fold', () => {
  it('is not there for eight inputs or fewer', () => {
    const { folded } = grouped({ seed: { type: 'integer' }, ...numbered(7, number) })
    expect(folded).toEqual([])
  })

  it('never holds fewer than three', () => {
    expect(grouped({ ...numbered(8, number), seed: { type: 'integer' } }).folded).toEqual([
      ...['option_7', 'option_8', 'seed'],
    ])
    const two = { seed: { type: 'integer' }, steps: integer }
    expect(grouped({ prompt: text, ...numbered(8, without(number)), ...two }).folded).toEqual([])
  })
})
