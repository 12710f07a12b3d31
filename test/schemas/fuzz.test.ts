import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedForm } from '../../src/domain/form/change-form.ts'
import { blankForm, type Form, fillForm } from '../../src/domain/form/form.ts'
import { formAsJson, linkValues, readAsForm } from '../../src/domain/form/form-json.ts'
import { readForm } from '../../src/domain/form/read-form.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../../src/domain/json/json.ts'
import { type ModelSchema, readSchema } from '../../src/domain/schema/schema.ts'
import { unsafeMarkup } from '../support/unsafe-markup.ts'
import { drawnForm, sentFrom } from './round-trip.tsx'

/** Opens a form, sends it, and does all else that can be done with one. */
function use(schemas: JsonObject, input: JsonObject): void {
  const schema = readSchema(schemas)
  for (const form of [blankForm(schema), fillForm(schema, input)]) {
    const submission = sentFrom(inertly(form))
    const reading = readForm(schema, submission)
    inertly(reading.ok ? fillForm(schema, reading.input) : reading.form)
    inertly(
      changedForm(schema, submission, [], { action: 'add', name: nameIn(schema), index: null }),
    )
    linkValues(schema, form)
    const asJson = readAsForm(schema, formAsJson(form), [])
    if (asJson.ok) readForm(schema, asJson.submission)
  }
}

function nameIn({ input }: ModelSchema): string {
  return input[0]?.name ?? ''
}

function inertly(form: Form): string {
  const html = drawnForm(form)
  expect(unsafeMarkup(html)).toEqual([])
  return html
}

const hostileText = fc.oneof(
  fc.constantFrom(
    ...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'-alert(1)-'"],
    ...['</textarea><script>1</script>', '</form><form action=//evil>', '<svg onload=alert(1)>'],
    ...[
      '[x](javascript:alert(1))',
      '![x](https://evil/a.png)',
      '<b hx-get="/x">',
      '\u202e\0\ud800',
    ],
    ...['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', '(a+)+$', ''],
    ...['#/components/schemas/A', '#/components/schemas/B', '#/components/schemas/Input', '#/x'],
    ...['#/components/schemas/__proto__', '#/components/schemas/constructor', 'sandpit:a', '\r\n'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

const names = fc.oneof(
  hostileText,
  fc.constantFrom('action', 'length', 'input', 'version', 'from', 'model', 'seed', 'image', 'code'),
)

const oddNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 1e308, -1e308, 5e-324, Infinity, 2 ** 53, 0.1, 1_000_000, 1.5),
  fc.double(),
)

const anyJson: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(hostileText, oddNumber, fc.boolean(), fc.constant(null), fc.bigInt()),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(names, tie('json'), { maxKeys: 4 }),
  ),
})).json

const types = ['string', 'integer', 'number', 'boolean', 'array', 'object', 'null', 'Nonsense']
const formats = ['uri', 'password', 'date-time', 'email', 'duration', 'ipv4', 'json-string']
const numeric = [
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength'],
  ...['maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'x-order'],
]
const flags = ['nullable', 'deprecated', 'writeOnly', 'readOnly', 'x-cog-secret', 'uniqueItems']
const inner = ['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'if']

/** Schemas as people write them, but for a keyword here and there that holds anything at all. */
const likelySchema: fc.Arbitrary<JsonObject> = fc.letrec<{ schema: JsonObject; keyword: Json }>(
  (tie) => {
    const list = fc.array(tie('schema'), { maxLength: 3 })
    const keyword = fc.oneof(
      fc.tuple(fc.constant('type'), fc.oneof(fc.constantFrom(...types), fc.subarray(types))),
      fc.tuple(fc.constant('format'), fc.constantFrom(...formats)),
      fc.tuple(
        fc.constantFrom('title', 'description', '$ref', 'pattern', 'x-cog-accept'),
        hostileText,
      ),
      fc.tuple(fc.constantFrom('default', 'const'), anyJson),
      fc.tuple(fc.constantFrom('enum', 'required'), fc.array(anyJson, { maxLength: 20 })),
      fc.tuple(fc.constantFrom(...numeric), oddNumber),
      fc.tuple(fc.constantFrom(...flags), fc.boolean()),
      fc.tuple(fc.constantFrom(...inner), tie('schema')),
      fc.tuple(fc.constantFrom('allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'), list),
      fc.tuple(
        fc.constantFrom('properties', 'patternProperties'),
        fc.dictionary(names, tie('schema')),
      ),
      { arbitrary: fc.tuple(names, anyJson), weight: 2 },
    ) as fc.Arbitrary<[string, Json]>
    return {
      keyword: anyJson,
      schema: fc
        .array(keyword, { maxLength: 6, depthIdentifier: 'schema' })
        .map((entries) => Object.fromEntries(entries)),
    }
  },
).schema

describe('a form', () => {
  it('is drawn inert for any JSON as the schema, and read without a fault', () => {
    fc.assert(
      fc.property(anyJson, anyJson, anyJson, (whole, input, given) => {
        const schemas = isObject(whole) ? whole : { Input: input }
        use(schemas, isObject(given) ? given : {})
        use({ Input: { properties: input } }, isObject(given) ? given : {})
      }),
      { numRuns: 150 },
    )
  })

  it('is drawn inert for whatever looks like a schema, and read without a fault', () => {
    fc.assert(
      fc.property(
        fc.dictionary(names, likelySchema, { maxKeys: 6 }),
        likelySchema,
        likelySchema,
        fc.dictionary(names, anyJson, { maxKeys: 6 }),
        fc.array(names, { maxLength: 4 }),
        (properties, a, b, given, required) => {
          const schemas = { Input: { properties, required }, A: a, B: b, Output: a }
          const input = Object.fromEntries(Object.keys(properties).map((name) => [name, a]))
          use(schemas, { ...input, ...given })
        },
      ),
      { numRuns: 150 },
    )
  })

  it('is the same after its schema went through a text', () => {
    fc.assert(
      fc.property(fc.dictionary(names, likelySchema, { maxKeys: 4 }), (properties) => {
        const text = JSON.stringify({ Input: { properties } }, (_key, item) =>
          typeof item === 'bigint' ? Number(item) : item,
        )
        const schemas = parseJson(text)
        if (isObject(schemas)) use(schemas, {})
      }),
      { numRuns: 150 },
    )
  })
})
