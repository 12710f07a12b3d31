import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredFile } from '../../../src/domain/file/file.ts'
import type { Entry } from '../../../src/domain/form/fields/field-type.ts'
import {
  blankForm,
  type Field,
  type Form,
  fillForm,
  hasErrors,
  type Submission,
} from '../../../src/domain/form/form.ts'
import { type FormReading, readForm } from '../../../src/domain/form/read-form.ts'
import {
  formatJson,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
} from '../../../src/domain/json/json.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import { defaultSubmission } from '../../support/default-submission.ts'
import { fileOf, schemasWith, uriOf } from '../../support/domain.ts'

type Rest = Parameters<typeof schemasWith>[1]

const schemaOf = (properties: JsonObject, rest: Rest = {}) =>
  readSchema(schemasWith(properties, rest))

function sent(entries: Readonly<Record<string, Entry | readonly Entry[]>>): Submission {
  return new Map(
    Object.entries(entries).map(([name, entry]) => [
      name,
      Array.isArray(entry) ? (entry as readonly Entry[]) : [entry as Entry],
    ]),
  )
}

function inputOf(reading: FormReading): JsonObject {
  if (reading.ok) return reading.input
  throw new Error(JSON.stringify(reading.form.fields.map(({ error }) => error)))
}

function formOf(reading: FormReading): Form {
  if (reading.ok) throw new Error('The form has no errors.')
  return reading.form
}

function fieldOf(form: Form, name: string): Field {
  const field = form.fields.find(({ property }) => property.name === name)
  if (!field) throw new Error(`There is no ${name}.`)
  return field
}

/** A model like most there are. */
const painter = schemaOf(
  {
    seed: { type: 'integer', title: 'Seed', description: 'Random seed.', 'x-order': 5 },
    prompt: { type: 'string', title: 'Prompt', 'x-order': 0 },
    negative_prompt: { type: 'string', default: 'ugly', 'x-order': 1 },
    image: { type: 'string', format: 'uri', 'x-order': 2 },
    width: { allOf: [{ $ref: '#/components/schemas/width' }], default: 512, 'x-order': 3 },
    num_inference_steps: { type: 'integer', default: 50, minimum: 1, maximum: 500, 'x-order': 4 },
    guidance_scale: { type: 'number', default: 7.5, minimum: 1, maximum: 20, 'x-order': 6 },
    scheduler: {
      allOf: [{ $ref: '#/components/schemas/scheduler' }],
      default: 'K_EULER',
      'x-order': 7,
    },
    upscale: { type: 'boolean', default: true, 'x-order': 8 },
    extra: { type: 'object', 'x-order': 9 },
  },
  {
    required: ['prompt'],
    width: { type: 'integer', title: 'width', enum: [512, 768] },
    scheduler: { title: 'scheduler', enum: ['DDIM', 'K_EULER'] },
  },
)

describe('a blank form', () => {
  it('shows the defaults, in order', () => {
    const { fields } = blankForm(painter)
    expect(fields.map(({ property, kind, shown }) => [property.name, kind, ...shown])).toEqual([
      ['prompt', 'text'],
      ['negative_prompt', 'text', 'ugly'],
      ['image', 'file'],
      ['width', 'choice', '512'],
      ['num_inference_steps', 'range', '50'],
      ['seed', 'number'],
      ['guidance_scale', 'range', '7.5'],
      ['scheduler', 'choice', 'K_EULER'],
      ['upscale', 'boolean', 'true'],
      ['extra', 'json'],
    ])
    expect(hasErrors({ fields })).toBe(false)
  })

  it('gives the defaults when it is sent as it is, and leaves out what has none', () => {
    const submission = new Map([...defaultSubmission(blankForm(painter)), ['prompt', ['a cat']]])
    expect(inputOf(readForm(painter, submission))).toEqual({
      prompt: 'a cat',
      negative_prompt: 'ugly',
      width: 512,
      num_inference_steps: 50,
      guidance_scale: 7.5,
      scheduler: 'K_EULER',
      upscale: true,
    })
  })

  it('asks for what is required', () => {
    const form = formOf(readForm(painter, defaultSubmission(blankForm(painter))))
    expect(fieldOf(form, 'prompt').error).toMatch(/required/)
    expect(form.fields.filter(({ error }) => error)).toHaveLength(1)
  })

  it('shows a default that is not among the options, and takes it', () => {
    const schema = schemaOf({ size: { type: 'string', enum: ['small', 'large'], default: 'huge' } })
    expect(fieldOf(blankForm(schema), 'size')).toMatchObject({ kind: 'choice', shown: ['huge'] })
    expect(readForm(schema, defaultSubmission(blankForm(schema)))).toMatchObject({
      ok: true,
      input: { size: 'huge' },
    })
  })

  it('shows the option that a default of another type means', () => {
    const schema = schemaOf({ size: { type: 'string', enum: ['1', '2'], default: 2 } })
    const form = blankForm(schema)
    expect(fieldOf(form, 'size')).toMatchObject({ kind: 'choice', shown: ['2'], error: null })
    expect(inputOf(readForm(schema, defaultSubmission(form)))).toEqual({ size: '2' })
  })

  it('shows a default that its control cannot hold as text, with the error', () => {
    const schema = schemaOf({ steps: { type: 'integer', default: 'many' } })
    expect(fieldOf(blankForm(schema), 'steps')).toMatchObject({
      kind: 'line',
      shown: ['many'],
      error: expect.stringMatching(/“many” is not a whole number/),
    })
  })
})

describe('a filled form', () => {
  const fill = (schema: JsonObject, json: Json) =>
    fieldOf(fillForm(schemaOf({ it: schema }), { it: json }), 'it')

  it('shows what was given', () => {
    const form = fillForm(painter, { prompt: 'a cat', seed: 7, width: 768, upscale: false })
    const shown = Object.fromEntries(
      form.fields.map(({ property, shown: entries }) => [property.name, entries]),
    )
    expect(shown).toMatchObject({
      prompt: ['a cat'],
      seed: ['7'],
      width: ['768'],
      upscale: ['false'],
    })
    expect(hasErrors(form)).toBe(false)
  })

  it('leaves out again what was left out, whatever its default', () => {
    const form = fillForm(painter, { prompt: 'a cat' })
    expect(inputOf(readForm(painter, defaultSubmission(form)))).toEqual({ prompt: 'a cat' })
  })

  it('tells a text that was emptied from one that was left out', () => {
    const form = fillForm(painter, { prompt: 'a cat', negative_prompt: '' })
    expect(inputOf(readForm(painter, defaultSubmission(form)))).toEqual({
      prompt: 'a cat',
      negative_prompt: '',
    })
  })

  it('takes nothing for left out, and ignores inputs that the model does not know', () => {
    const form = fillForm(painter, { prompt: 'a cat', seed: null, unheard_of: 1 })
    expect(fieldOf(form, 'seed').shown).toEqual([])
    expect(form.fields).toHaveLength(painter.input.length)
  })

  it('takes digits for a number, and a number for text', () => {
    expect(fill({ type: 'integer' }, '512')).toMatchObject({ kind: 'number', shown: ['512'] })
    expect(fill({ type: 'string' }, 512)).toMatchObject({ kind: 'text', shown: ['512'] })
    expect(fill({ type: 'boolean' }, 'true')).toMatchObject({ kind: 'boolean', shown: ['true'] })
    expect(fill({ enum: [512, 768] }, '768')).toMatchObject({ kind: 'choice', shown: ['768'] })
  })

  it('shows every digit of a long seed', () => {
    expect(fill({ type: 'integer' }, 18446744073709551615n).shown).toEqual(['18446744073709551615'])
  })

  it.each<[string, JsonObject, Json, RegExp]>([
    ['an option that is gone', { enum: ['a', 'b'] }, 'c', /not one of the choices/],
    ['a word in a number', { type: 'integer' }, 'seven', /not a whole number/],
    ['a word in yes or no', { type: 'boolean' }, 'maybe', /Enter true or false/],
  ])('shows %s as text, with the error', (_what, schema, json, error) => {
    expect(fill(schema, json)).toMatchObject({
      kind: 'line',
      shown: [json],
      error: expect.stringMatching(error),
    })
  })

  it('shows a value of another kind altogether as JSON text, with an error', () => {
    expect(fill({ type: 'string' }, ['a', 'b'])).toMatchObject({
      shown: ['["a","b"]'],
      error: expect.any(String),
    })
    expect(fill({ type: 'integer' }, { a: 1 })).toMatchObject({
      shown: ['{"a":1}'],
      error: expect.stringMatching(/not a whole number/),
    })
  })

  it.each<[string, JsonObject, Json, RegExp]>([
    ['a number out of bounds', { type: 'integer', minimum: 1, maximum: 10 }, 99, /too high/],
    ['a fraction for a whole number', { type: 'integer' }, 1.5, /not a whole number/],
    ['a text that is too long', { type: 'string', maxLength: 3 }, 'four', /Too long/],
    ['a file at no address', { type: 'string', format: 'uri' }, 'cat.png', /not the URL/],
  ])('shows %s with the error', (_what, schema, json, error) => {
    expect(fill(schema, json)).toMatchObject({
      shown: [String(json)],
      error: expect.stringMatching(error),
    })
  })

  it('shows a text of several lines whole, however short it may be', () => {
    const schema = { type: 'string', maxLength: 80 }
    expect(fill(schema, 'one line')).toMatchObject({ kind: 'line', error: null })
    expect(fill(schema, 'two\nlines')).toMatchObject({ kind: 'text', error: null })
    expect(fill(schema, 'old\rlines')).toMatchObject({ kind: 'text', error: null })
  })

  it('shows a stored file as that file', () => {
    const schema = schemaOf({ image: { type: 'string', format: 'uri' } })
    const form = fillForm(schema, { image: uriOf(1) }, [fileOf(1)])
    expect(fieldOf(form, 'image').shown).toEqual([fileOf(1)])
  })

  it('shows lists and objects as JSON on several lines', () => {
    expect(fill({ type: 'array' }, ['a', 12345678901234567890n])).toMatchObject({
      kind: 'json',
      shown: ['[\n  "a",\n  12345678901234567890\n]'],
    })
  })
})

describe('a submitted form', () => {
  it('gives an option its own type', () => {
    const reading = readForm(painter, sent({ prompt: 'a cat', width: '768' }))
    expect(inputOf(reading)).toEqual({ prompt: 'a cat', width: 768 })
  })

  it('never gives nothing as a value', () => {
    const blank = Object.fromEntries(painter.input.map(({ name }) => [name, '']))
    const input = inputOf(readForm(painter, sent({ ...blank, prompt: 'a cat' })))
    expect(input).toEqual({ prompt: 'a cat', negative_prompt: '' })
  })

  it('comes back whole when something in it is wrong', () => {
    const form = formOf(
      readForm(
        painter,
        sent({
          prompt: 'a\r\ncat',
          num_inference_steps: '999',
          seed: 'seven',
          upscale: ['false', 'true'],
          extra: '{"a": }',
          image: fileOf(1),
        }),
      ),
    )
    expect(fieldOf(form, 'prompt')).toMatchObject({ kind: 'text', shown: ['a\ncat'], error: null })
    expect(fieldOf(form, 'num_inference_steps')).toMatchObject({
      shown: ['999'],
      error: '999 is too high. Use a whole number from 1 to 500.',
    })
    expect(fieldOf(form, 'seed')).toMatchObject({
      kind: 'line',
      shown: ['seven'],
      error: '“seven” is not a whole number.',
    })
    expect(fieldOf(form, 'upscale')).toMatchObject({ shown: ['true'], error: null })
    expect(fieldOf(form, 'image')).toMatchObject({ shown: [fileOf(1)], error: null })
    expect(fieldOf(form, 'extra')).toMatchObject({
      kind: 'json',
      shown: ['{"a": }'],
      error: expect.stringMatching(/line 1, column 7/),
    })
  })

  it('keeps each blank field in its own control when another is wrong', () => {
    const form = formOf(readForm(painter, defaultSubmission(blankForm(painter))))
    const blank = blankForm(painter)
    expect(form.fields.map(({ kind }) => kind)).toEqual(blank.fields.map(({ kind }) => kind))
  })

  it('keeps a long seed to its last digit', () => {
    const schema = schemaOf({ seed: { type: 'integer' }, other: { type: 'integer' } })
    const seeds = { seed: '12345678901234567890', other: '-9223372036854775808' }
    expect(inputOf(readForm(schema, sent(seeds)))).toEqual({
      seed: 12345678901234567890n,
      other: -9223372036854775808n,
    })
  })

  it('keeps long seeds within JSON too', () => {
    const seeds = { type: 'array', items: { type: 'integer' } }
    const schema = schemaOf({ it: { type: 'object', properties: { seeds } } })
    expect(inputOf(readForm(schema, sent({ it: '{"seeds": [12345678901234567890]}' })))).toEqual({
      it: { seeds: [12345678901234567890n] },
    })
  })

  it('knows a bound that is too long for a number', () => {
    const seed = parseJson('{"type": "integer", "minimum": 0, "maximum": 18446744073709551615}')
    const schema = schemaOf({ seed })
    const long = '12345678901234567890'
    expect(inputOf(readForm(schema, sent({ seed: long })))).toEqual({ seed: BigInt(long) })
    const form = formOf(readForm(schema, sent({ seed: `${long}0` })))
    expect(fieldOf(form, 'seed').error).toMatch(/too high/)
  })

  it('says where a value does not fit its schema', () => {
    const steps = { type: 'array', items: { type: 'integer' } }
    const schema = schemaOf({ it: { type: 'object', properties: { steps } } })
    const form = formOf(readForm(schema, sent({ it: '{"steps": [1, "two"]}' })))
    expect(fieldOf(form, 'it').error).toMatch(/^steps\[1\]: /)
  })

  it('checks values against what their schema refers to', () => {
    const schema = schemaOf(
      { who: { $ref: '#/components/schemas/Person' } },
      { Person: { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] } },
    )
    expect(inputOf(readForm(schema, sent({ who: '{"age": 7}' })))).toEqual({ who: { age: 7 } })
    expect(fieldOf(formOf(readForm(schema, sent({ who: '{}' }))), 'who').error).toMatch(/age/)
  })

  it('is not checked with patterns of strangers', () => {
    const schema = schemaOf({ name: { type: 'string', pattern: '^(a+)+$' } })
    const input = { name: `${'a'.repeat(40)}!` }
    expect(inputOf(readForm(schema, sent(input)))).toEqual(input)
  })

  it('is taken where the schema itself is broken', () => {
    const schema = schemaOf({ it: { type: 'NamedEmbedding' }, that: { $ref: '#/nowhere' } })
    const reading = readForm(schema, sent({ it: '[1, 2]', that: '"x"' }))
    expect(inputOf(reading)).toEqual({ it: [1, 2], that: 'x' })
  })

  it.each([1_000, 5_000, 20_000, 200_000])(
    'is no fault when its JSON nests %i deep: it is refused, or can be written again',
    (depth) => {
      const schema = schemaOf({ it: {} })
      const reading = readForm(schema, sent({ it: '['.repeat(depth) + ']'.repeat(depth) }))
      if (reading.ok) expect(formatJson(reading.input)).toContain('[[[[]]]]')
      else expect(fieldOf(reading.form, 'it').error).toEqual(expect.any(String))
    },
  )

  it('gives names that mean something to JavaScript their own values', () => {
    const properties = parseJson('{"__proto__":{"type":"string"},"length":{"type":"integer"}}')
    if (!isObject(properties)) throw new Error('Not an object.')
    const entries = new Map([
      ['__proto__', ['a']],
      ['length', ['3']],
    ])
    const input = inputOf(readForm(schemaOf(properties), entries))
    expect(Object.entries(input)).toEqual([
      ['__proto__', 'a'],
      ['length', 3],
    ])
  })
})

describe('files of a form', () => {
  const schema = schemaOf(
    { image: { type: 'string', format: 'uri' }, more: { type: 'array' } },
    { required: ['image'] },
  )

  it('are those that the input refers to, and no others', () => {
    const reading = readForm(schema, sent({ image: [uriOf(1), fileOf(2)] }), [fileOf(1)])
    expect(reading).toEqual({ ok: true, input: { image: uriOf(2) }, files: [fileOf(2)] })
  })

  it('may be kept ones inside JSON', () => {
    const reading = readForm(
      schema,
      sent({ image: uriOf(1), more: JSON.stringify([uriOf(2), { deep: uriOf(2) }]) }),
      [fileOf(1), fileOf(2)],
    )
    expect(reading).toMatchObject({ ok: true, files: [fileOf(1), fileOf(2)] })
  })

  it('are an address when one was typed over the kept file', () => {
    const url = 'https://example.com/a.png'
    const reading = readForm(schema, sent({ image: [uriOf(1), url] }), [fileOf(1)])
    expect(reading).toEqual({ ok: true, input: { image: url }, files: [] })
  })

  it('are asked for again when they are gone', () => {
    const form = formOf(readForm(schema, sent({ image: uriOf(1) }), []))
    expect(fieldOf(form, 'image')).toMatchObject({
      shown: [],
      error: expect.stringMatching(/no longer available/),
    })
  })

  it('are shown again when something else is wrong', () => {
    const again = (image: readonly Entry[], kept: readonly StoredFile[]) =>
      fieldOf(formOf(readForm(schema, sent({ image, more: '[' }), kept)), 'image').shown
    expect(again([uriOf(1), fileOf(2)], [fileOf(1)])).toEqual([fileOf(2)])
    expect(again([uriOf(1), ''], [fileOf(1)])).toEqual([fileOf(1)])
    expect(again(['', 'https://example.com/a.png'], [])).toEqual(['https://example.com/a.png'])
  })
})

/** A text as a control can hold it: with plain line ends and whole characters. */
const typedText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('\n', ' ', '<', '&', '"'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 30,
  })
  .filter((text) => !text.includes('\r'))

interface Case {
  readonly schema: JsonObject
  /** The value in the input; undefined when the name is left out. */
  readonly given: Json | undefined
}

const positiveText = typedText.filter((text) => text !== '')
const noNegativeZero = (number: number) => (number === 0 ? 0 : number)

const valueFor: readonly fc.Arbitrary<Case>[] = [
  positiveText.map((given) => ({ schema: { type: 'string' }, given })),
  typedText.map((given) => ({ schema: { type: 'string', default: 'a cat' }, given })),
  positiveText.map((given) => ({ schema: { type: 'string', maxLength: 100 }, given })),
  fc.maxSafeInteger().map((given) => ({
    schema: { type: 'integer', default: 3 },
    given: noNegativeZero(given),
  })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((given) => ({ schema: { type: 'number' }, given: noNegativeZero(given) })),
  fc
    .integer({ min: 1, max: 50 })
    .map((given) => ({ schema: { type: 'integer', minimum: 1, maximum: 50 }, given })),
  fc.boolean().map((given) => ({ schema: { type: 'boolean', default: true }, given })),
  fc.constantFrom('DDIM', 'K_EULER', 'with space', '7').map((given) => ({
    schema: { type: 'string', enum: ['DDIM', 'K_EULER', 'with space', '7'] },
    given,
  })),
  fc
    .constantFrom(512, 768)
    .map((given) => ({ schema: { type: 'integer', enum: [512, 768], default: 512 }, given })),
  fc
    .constantFrom(uriOf(1), uriOf(2), 'https://example.com/a%20b.png', 'data:text/plain,hello')
    .map((given) => ({ schema: { type: 'string', format: 'uri' }, given })),
  fc
    .array(fc.record({ text: fc.string({ unit: 'binary', maxLength: 5 }) }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((given) => ({ schema: { type: 'array', items: { type: 'object' } }, given })),
  fc
    .array(positiveText, { minLength: 1, maxLength: 3 })
    .map((given) => ({ schema: { type: 'array', items: { type: 'string' } }, given })),
  fc
    .json()
    .map(parseJson)
    .filter((json) => json !== null)
    .map((given) => ({ schema: {}, given })),
]

const names = ['prompt', 'model', 'input', 'version', 'length', 'constructor', '__proto__', 'ключ']

/** A schema, and an input that fits it: some inputs are required, others left out. */
const filledIn = fc
  .array(fc.tuple(fc.oneof(...valueFor), fc.constantFrom('required', 'given', 'left out')), {
    minLength: 1,
    maxLength: names.length,
  })
  .map((cases) => {
    const named = cases.map(([{ schema, given }, how], index) => {
      const name = names[index] ?? ''
      const required = how === 'required' && given !== ''
      return { name, schema, given: how === 'left out' ? undefined : given, required }
    })
    return {
      schema: schemaOf(Object.fromEntries(named.map(({ name, schema }) => [name, schema])), {
        required: named.flatMap(({ name, required }) => (required ? [name] : [])),
      }),
      input: Object.fromEntries(
        named.flatMap(({ name, given }) => (given === undefined ? [] : [[name, given] as const])),
      ),
    }
  })

/** By name: a map, as names may be ones that mean something to JavaScript. */
const sorted = (input: JsonObject) =>
  new Map(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)))

it('gives the same input back when it is filled in, sent by a browser and read', () => {
  const kept = [fileOf(1), fileOf(2)]
  fc.assert(
    fc.property(filledIn, ({ schema, input }) => {
      const form = fillForm(schema, input, kept)
      expect(form.fields.filter(({ error }) => error !== null)).toEqual([])
      const read = inputOf(readForm(schema, defaultSubmission(form), kept))
      expect(sorted(read)).toEqual(sorted(input))
    }),
    { numRuns: 1500 },
  )
})

it('shows the same again after it was refused for something else', () => {
  const kept = [fileOf(1), fileOf(2)]
  fc.assert(
    fc.property(filledIn, ({ schema, input }) => {
      const schemas = { ...schema.schemas, Input: withWanting(schema.schemas.Input) }
      const wanting = readSchema(schemas)
      const form = fillForm(wanting, input, kept)
      const again = formOf(readForm(wanting, defaultSubmission(form), kept))
      const sentAgain = defaultSubmission({ fields: again.fields })
      expect(sentAgain).toEqual(defaultSubmission(form))
    }),
    { numRuns: 500 },
  )
})

/** The same input with one more field, required and so blank that the form is refused. */
function withWanting(input: Json | undefined): JsonObject {
  if (!isObject(input) || !isObject(input.properties)) throw new Error('Not an input.')
  const wanting = { 'still wanting': { type: 'string' } }
  return {
    ...input,
    properties: Object.fromEntries([
      ...Object.entries(input.properties),
      ...Object.entries(wanting),
    ]),
    required: ['still wanting'],
  }
}
