import { afterEach, describe, expect, it } from 'vitest'
import { optionsOf } from '../../src/domain/form/fields/choice.ts'
import { blankForm, type Form, fillForm } from '../../src/domain/form/form.ts'
import { readForm } from '../../src/domain/form/read-form.ts'
import { formatJson, type JsonObject } from '../../src/domain/json/json.ts'
import { type ModelSchema, readSchema } from '../../src/domain/schema/schema.ts'
import type { ValueSchema } from '../../src/domain/schema/value-schema.ts'
import { unsafeMarkup } from '../support/unsafe-markup.ts'
import { hostileSchemas } from './hostile-schemas.ts'
import { drawnForm, sentFrom } from './round-trip.tsx'

/** Upper bounds of any form, so that drawing and reading it takes bounded time. */
const most = { fields: 500, schemas: 10_000, options: 10_000, htmlUnits: 4_000_000 }

describe.each(Object.entries(hostileSchemas))('%s', (_what, { schemas, value, problem }) => {
  it('is refused with a sentence, or drawn inert within bounds, and read without a fault', () => {
    const schema = readSchema(schemas)
    if (problem) expect(schema.problem).toMatch(problem)
    else expect(schema.problem).toBeNull()
    expect(schema.input.length).toBeLessThanOrEqual(most.fields)
    expect(schemasIn(schema)).toBeLessThanOrEqual(most.schemas)
    const options = schema.input.flatMap((property) => optionsOf(property))
    expect(options.length).toBeLessThanOrEqual(most.options)
    inertly(blankForm(schema))
    const input: JsonObject = value === undefined ? {} : { it: value }
    const submission = sentFrom(inertly(fillForm(schema, input)))
    const reading = readForm(schema, submission)
    if (reading.ok) expect(formatJson(reading.input)).toEqual(expect.any(String))
    else inertly(reading.form)
  })
})

afterEach(() => {
  expect(({} as { polluted?: true }).polluted).toBeUndefined()
  expect(Object.keys(Object.prototype)).toEqual([])
})

function inertly(form: Form): string {
  const html = drawnForm(form)
  expect(unsafeMarkup(html)).toEqual([])
  expect(html.length).toBeLessThanOrEqual(most.htmlUnits)
  return html
}

/** How many schemas were read. */
function schemasIn({ input, output }: ModelSchema): number {
  const count = ({ items, properties = [] }: ValueSchema): number =>
    1 + (items ? count(items) : 0) + sum(properties.map(({ schema }) => count(schema)))
  return count(output) + sum(input.map(({ schema }) => count(schema)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

it('tells what is not inert', () => {
  const form = (inner: string) => `<form class="inputs">${inner}</form>`
  expect(unsafeMarkup(form('<p>a</p><a href="/b">b</a>'))).toEqual([])
  for (const inner of [
    '<script>1</script>',
    '<p onclick="x">a</p>',
    '<a href="javascript:x">a</a>',
    '<a href="//evil">a</a>',
    '<p hx-get="/x">a</p>',
    '</form><p>a</p>',
    '<img src="/x">',
  ])
    expect(unsafeMarkup(form(inner))).not.toEqual([])
})
