import { isObject, type Json, type JsonObject, parseJson } from '../../src/domain/json/json.ts'
import { schemasWith } from '../support/domain.ts'

/** A schema that means harm, and a value for its input `it` that would bring it about. */
export interface HostileSchema {
  readonly schemas: JsonObject
  readonly value?: Json
  /** Why no form asks for it, where none does. */
  readonly problem?: RegExp
}

const a = { $ref: '#/components/schemas/A' }
const b = { $ref: '#/components/schemas/B' }

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const named = (count: number, make: (index: number) => Json): JsonObject =>
  Object.fromEntries(times(count, (index) => [`p${index}`, make(index)]))

function around(levels: number, wrap: (inner: JsonObject) => JsonObject, core: JsonObject = {}) {
  let schema = core
  for (let level = 0; level < levels; level++) schema = wrap(schema)
  return schema
}

const nested = (levels: number): Json => around(levels, (c) => ({ c }))

/** Each refers twice to the next: as many ways through as two to the power of their number. */
const doubling = (combine: (next: JsonObject) => JsonObject): JsonObject =>
  Object.fromEntries(
    times(60, (index) => [
      index === 0 ? 'A' : `N${index}`,
      index === 59 ? {} : combine({ $ref: `#/components/schemas/N${index + 1}` }),
    ]),
  )

const it = (schema: Json, rest: JsonObject = {}) => schemasWith({ it: schema }, rest)

const evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e[x](javascript:alert(1))'

const allWrong = (value: Json): JsonObject =>
  Object.fromEntries(
    [
      ...['type', 'format', 'title', 'description', 'default', 'enum', 'const', 'minimum', 'items'],
      ...['maximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems', 'properties'],
      ...[
        'required',
        'allOf',
        'anyOf',
        'oneOf',
        'not',
        '$ref',
        'nullable',
        'deprecated',
        'pattern',
      ],
      ...['additionalProperties', 'x-order', 'x-cog-secret', 'x-cog-accept', 'exclusiveMinimum'],
    ].map((keyword) => [keyword, value]),
  )

export const hostileSchemas: Readonly<Record<string, HostileSchema>> = {
  'properties within properties': {
    schemas: it(around(400, (it) => ({ type: 'object', properties: { it } }))),
    value: nested(400),
  },
  'items within items': {
    schemas: it(around(400, (items) => ({ type: 'array', items }))),
    value: [],
  },
  'all of within all of': { schemas: it(around(400, (inner) => ({ allOf: [inner] }))), value: 'x' },
  'a reference to itself': { schemas: it(a, { A: a }), value: 'x' },
  'two that refer to each other': { schemas: it(a, { A: b, B: a }), value: 'x' },
  'a circle through allOf': {
    schemas: it(a, { A: { allOf: [b, b] }, B: { allOf: [a] } }),
    value: 1,
  },
  'a circle through anyOf': {
    schemas: it(a, { A: { anyOf: [b, a] }, B: { oneOf: [a, b] } }),
    value: 1,
  },
  'a circle through items': { schemas: it(a, { A: { type: 'array', items: a } }), value: [[[[]]]] },
  'a circle through properties': {
    schemas: it(a, { A: { type: 'object', properties: { c: a, d: a } } }),
    value: nested(490),
  },
  'doubling through allOf': {
    schemas: it(
      a,
      doubling((next) => ({ allOf: [next, next] })),
    ),
    value: 'x',
  },
  'doubling through anyOf': {
    schemas: it(
      a,
      doubling((next) => ({ anyOf: [next, { not: {} }, next] })),
    ),
    value: 'x',
  },
  'doubling with each level of the value': {
    schemas: it(a, {
      A: {
        anyOf: [
          { type: 'object', properties: { c: a }, required: ['no'] },
          { type: 'object', properties: { c: a }, required: ['none'] },
        ],
      },
    }),
    value: nested(300),
  },
  'types by the thousand at each level': {
    schemas: it(around(50, (c) => ({ type: times(1_000, () => 'object'), properties: { c } }))),
    value: nested(50),
  },
  'ten megabytes': {
    schemas: it({ type: 'string', description: 'x'.repeat(10 * 2 ** 20) }),
    problem: /larger than 1 MB/,
    value: 'x',
  },
  'ten megabytes of definitions': {
    schemas: it(a, { A: { enum: times(500_000, String) }, B: named(200_000, () => ({})) }),
    problem: /larger than 1 MB/,
    value: 'x',
  },
  'ten thousand inputs': {
    schemas: schemasWith(
      named(10_000, () => ({ type: 'string' })),
      {
        required: times(10_000, (index) => `p${index}`),
      },
    ),
    problem: /has 10000 inputs, and a form can have at most 500/,
  },
  'five hundred inputs of a large definition': {
    schemas: schemasWith(
      named(500, () => a),
      {
        A: { type: 'object', properties: named(5_000, () => ({ type: 'string', enum: ['x'] })) },
      },
    ),
  },
  'five hundred inputs of many choices': {
    schemas: schemasWith(
      named(500, () => a),
      { A: { enum: times(9_000, String) } },
    ),
  },
  'five hundred descriptions': {
    schemas: schemasWith(named(500, () => ({ description: '[a](<**`http://'.repeat(130) }))),
  },
  'five hundred defaults': {
    schemas: schemasWith(named(500, () => ({ default: times(250, () => 1_000) }))),
  },
  'a hundred thousand choices': { schemas: it({ enum: times(100_000, String) }), value: '7' },
  'a default of a megabyte': {
    schemas: it({ type: 'string', default: '\n'.repeat(1_000_000) }),
    value: 'x',
  },
  'a default of a thousand objects': {
    schemas: it({ type: 'object', default: named(20_000, () => ({})) }),
    value: {},
  },
  'patterns that never end': {
    schemas: it({ type: 'string', pattern: '^(a+)+$', patternProperties: { '(a*)*b': a } }),
    value: `${'a'.repeat(50_000)}!`,
  },
  'a pattern within': {
    schemas: it({ type: 'object', properties: { s: { type: 'string', pattern: '(a|a)*b' } } }),
    value: { s: 'a'.repeat(50_000) },
  },
  'HTML in every string': {
    schemas: {
      Input: {
        title: evil,
        properties: {
          [evil]: {
            type: 'string',
            title: evil,
            description: evil,
            default: evil,
            format: evil,
            'x-cog-accept': evil,
            enum: [evil, 'b'],
          },
          [`${evil}2`]: { type: 'string', format: 'uri', 'x-cog-accept': evil, default: evil },
          [`${evil}3`]: { type: 'array', items: { type: 'string' }, default: [evil] },
          [`${evil}4`]: { default: { [evil]: evil }, description: evil },
          [`${evil}5`]: { type: 'string', enum: times(30, (index) => evil + index) },
        },
      },
    },
  },
  'names that mean something to JavaScript': {
    schemas: parsed(`{"Input":{"__proto__":{"polluted":true},"properties":{
      "__proto__":{"type":"object","properties":{"__proto__":{"type":"string"}}},
      "constructor":{"type":"object","__proto__":{"secret":true}},"prototype":{"$ref":"#/components/schemas/__proto__"},
      "toString":{"$ref":"#/components/schemas/constructor"},"it":{"allOf":[{"__proto__":{"type":"integer","default":7}}]}}},
      "__proto__":{"type":"string","default":"x","polluted":true}}`),
    value: parsed('{"__proto__":{"polluted":true}}'),
  },
  'names that no form can send': {
    schemas: schemasWith({ 'a\0b': {}, 'c\nd': {}, ['x'.repeat(200)]: {}, it: {} }),
    problem: /A form cannot have an input named “a/,
    value: 1,
  },
  'numbers for everything': { schemas: it(allWrong(7)), value: 7 },
  'texts for everything': { schemas: it(allWrong('x')), value: 'x' },
  'lists for everything': { schemas: it(allWrong([[]])), value: 'x' },
  'objects for everything': { schemas: it(allWrong({ x: {} })), value: {} },
  'nothing for everything': { schemas: it(allWrong(null)), value: 'x' },
  'true for everything': { schemas: it(allWrong(true)), value: 'x' },
  'bounds that make no sense': {
    schemas: it({
      type: 'number',
      minimum: 5,
      maximum: -5,
      multipleOf: 0,
      exclusiveMinimum: Infinity,
      minLength: -1,
      maxLength: -5,
      minItems: 1e308,
    }),
    value: 5,
  },
  'steps too small to count': {
    schemas: it({ type: 'array', items: { type: 'number', multipleOf: 5e-324 } }),
    value: [0.1, 1e300],
  },
}

function parsed(text: string): JsonObject {
  const json = parseJson(text)
  if (!isObject(json)) throw new Error('Not an object')
  return json
}
