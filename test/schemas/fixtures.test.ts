import { describe, expect, it } from 'vitest'
import { blankForm, hasErrors } from '../../src/domain/form/form.ts'
import { readForm } from '../../src/domain/form/read-form.ts'
import { formatJson, type Json, type JsonObject } from '../../src/domain/json/json.ts'
import { readSchema } from '../../src/domain/schema/schema.ts'
import { schemasWith } from '../support/domain.ts'
import { unsafeMarkup } from '../support/unsafe-markup.ts'
import { fixtures } from './fixtures.ts'
import { drawnForm, roundTrip, sentFrom } from './round-trip.tsx'

describe.each(Object.entries(fixtures))('%s', (name, fixture) => {
  const { properties, required = [], definitions = {}, example, blank } = fixture
  const schemas = schemasWith(properties, { required, ...definitions })

  it('opens blank, and gives its defaults when it is sent as it is', () => {
    const schema = readSchema(schemas)
    const form = blankForm(schema)
    expect(hasErrors(form)).toBe(false)
    const html = drawnForm(form)
    expect(unsafeMarkup(html)).toEqual([])
    const submission = sentFrom(html)
    const wanted: JsonObject = Object.fromEntries(
      required.map((one) => [one, example[one] ?? null] as const),
    )
    for (const [one, value] of Object.entries(wanted)) submission.set(one, [String(value)])
    const reading = readForm(schema, submission)
    expect(reading.ok ? entriesOf(reading.input) : reading.form).toEqual(
      entriesOf({ ...blank, ...wanted }),
    )
  })

  it('opens with its example, and gives that back when it is sent as it is', () => {
    const text = formatJson({
      owner: 'test',
      name,
      latest_version: { openapi_schema: { components: { schemas } } },
      default_example: { input: example },
    })
    expect(roundTrip(text)).toMatchObject({ outcome: { is: 'same' }, foldedPrompts: [] })
  })
})

const needing = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }

describe('an example that does not fit', () => {
  it.each<[string, JsonObject, Json]>([
    ['an option that is gone', { type: 'string', enum: ['a', 'b'] }, 'c'],
    ['a word for a number', { type: 'number' }, 'many'],
    ['a list for a text', { type: 'string' }, ['a']],
    ['a text for a list', { type: 'array', items: { type: 'integer' } }, 'a'],
    ['a list with one odd item', { type: 'array', items: { type: 'integer' } }, [1, 'two', 3]],
    ['a number past its bound', { type: 'integer', maximum: 5 }, 6],
    ['an object without what it needs', needing, { b: 1 }],
    ['a file that is no address', { type: 'string', format: 'uri' }, 'cat.png'],
    ['digits as a text', { type: 'integer' }, '512'],
  ])('is shown all the same: %s', (_what, schema, given) => {
    const text = formatJson({
      latest_version: { openapi_schema: { components: { schemas: schemasWith({ it: schema }) } } },
      default_example: { input: { it: given } },
    })
    expect(roundTrip(text).outcome).toEqual({ is: 'marked' })
  })
})

/** As a map: a name may be one that means something to JavaScript. */
function entriesOf(input: JsonObject) {
  return new Map(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)))
}
