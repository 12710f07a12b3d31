import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/domain/json/json.ts'
import { readSchema, schemasOf } from '../../../src/domain/schema/schema.ts'
import type { Property, ValueSchema } from '../../../src/domain/schema/value-schema.ts'
import { schemasWith } from '../../support/domain.ts'

function read(properties: JsonObject, rest: Parameters<typeof schemasWith>[1] = {}) {
  return readSchema(schemasWith(properties, rest))
}

function only(schema: JsonObject, rest: Parameters<typeof schemasWith>[1] = {}): Property {
  const [property] = read({ it: schema }, rest).input
  if (!property) throw new Error('The schema has no property.')
  return property
}

const output = (schema: Json, rest: JsonObject = {}): ValueSchema =>
  readSchema({ Output: schema, ...rest }).output

const names = (properties: readonly Property[]) => properties.map(({ name }) => name)

describe('a document', () => {
  it('gives its schemas when it has an input', () => {
    const schemas = schemasWith({ prompt: { type: 'string' } })
    expect(schemasOf({ openapi: '3.0.2', components: { schemas } })).toEqual(schemas)
  })

  it.each<[string, Json]>([
    ['nothing', null],
    ['a text', 'openapi'],
    ['no components', { openapi: '3.0.2' }],
    ['schemas of another kind', { components: { schemas: [] } }],
    ['no input', { components: { schemas: { Output: {} } } }],
    ['an input that is no schema', { components: { schemas: { Input: 'string' } } }],
  ])('with %s gives none', (_what, document) => {
    expect(schemasOf(document)).toBeNull()
  })
})

describe('the inputs', () => {
  it('are ordered by x-order, not as written', () => {
    const { input } = read({
      seed: { type: 'integer', 'x-order': 2 },
      prompt: { type: 'string', 'x-order': 0 },
      width: { type: 'integer', 'x-order': 1 },
    })
    expect(names(input)).toEqual(['prompt', 'width', 'seed'])
  })

  it('are in the order written where there is no x-order', () => {
    expect(names(read({ b: {}, a: {}, c: {} }).input)).toEqual(['b', 'a', 'c'])
  })

  it('know whether they are required', () => {
    const { input } = read({ prompt: {}, seed: {} }, { required: ['prompt'] })
    expect(input.map(({ required }) => required)).toEqual([true, false])
  })

  it('may have names that mean something to JavaScript', () => {
    const properties = JSON.parse('{"length":{},"constructor":{},"__proto__":{"type":"string"}}')
    expect(names(read(properties).input)).toEqual(['length', 'constructor', '__proto__'])
  })

  it('are none when there is no readable input', () => {
    expect(readSchema({}).input).toEqual([])
    expect(readSchema({ Input: 'nonsense' }).input).toEqual([])
    expect(readSchema({ Input: { properties: [] } }).input).toEqual([])
  })

  it('become anything when their schema is nonsense', () => {
    expect(only({ type: 'NamedEmbedding' }).schema.type).toBeUndefined()
    expect(read({ it: 'nonsense' }).input[0]?.schema.type).toBeUndefined()
  })
})

describe('a choice by reference', () => {
  const enumeration = (target: JsonObject, beside: JsonObject = {}) =>
    only(
      { allOf: [{ $ref: '#/components/schemas/scheduler' }], ...beside },
      { scheduler: { title: 'scheduler', description: 'An enumeration.', ...target } },
    ).schema

  it('takes options and type from the target', () => {
    expect(enumeration({ type: 'string', enum: ['DDIM', 'K_EULER'] })).toMatchObject({
      type: 'string',
      enum: ['DDIM', 'K_EULER'],
    })
    expect(enumeration({ type: 'integer', enum: [512, 768] })).toMatchObject({
      type: 'integer',
      enum: [512, 768],
    })
  })

  it('takes default and description from beside the reference', () => {
    expect(
      enumeration(
        { type: 'string', enum: ['DDIM', 'K_EULER'] },
        { default: 'K_EULER', description: 'Choose a scheduler.' },
      ),
    ).toMatchObject({ default: 'K_EULER', description: 'Choose a scheduler.' })
  })

  it('finds out the type of options that name none', () => {
    expect(enumeration({ enum: ['a', 'b'] }).type).toBe('string')
    expect(enumeration({ enum: [1, 2] }).type).toBe('integer')
    expect(enumeration({ enum: [1, 2.5] }).type).toBe('number')
    expect(enumeration({ enum: [1, 'b'] }).type).toBeUndefined()
  })

  it('keeps a default that is not among the options', () => {
    expect(enumeration({ type: 'string', enum: ['1', '2'] }, { default: 3 }).default).toBe(3)
  })

  it('is followed through a bare reference and through several', () => {
    const schemas = {
      First: { $ref: '#/components/schemas/Second' },
      Second: { type: 'string', enum: ['a'] },
    }
    expect(only({ $ref: '#/components/schemas/First' }, schemas).schema.enum).toEqual(['a'])
    expect(only({ $ref: '#/$defs/Second' }, schemas).schema.enum).toEqual(['a'])
  })

  it('becomes anything when the target is not there', () => {
    const { schema } = only({ $ref: '#/components/schemas/Gone', description: 'Still told.' })
    expect(schema.type).toBeUndefined()
    expect(schema.description).toBe('Still told.')
  })
})

describe('nothing as a value', () => {
  it('is allowed where the schema says so, in each of three ways', () => {
    expect(only({ type: 'string', nullable: true }).schema).toMatchObject({
      type: 'string',
      nullable: true,
    })
    expect(only({ type: ['integer', 'null'] }).schema).toMatchObject({
      type: 'integer',
      nullable: true,
    })
    expect(only({ anyOf: [{ type: 'number' }, { type: 'null' }] }).schema).toMatchObject({
      type: 'number',
      nullable: true,
    })
    expect(only({ type: 'string' }).schema.nullable).toBe(false)
  })

  it('is no default and no option', () => {
    expect(only({ type: 'integer', default: null }).schema).not.toHaveProperty('default')
    expect(only({ enum: ['a', null] }).schema.enum).toEqual(['a'])
  })
})

describe('more than one type', () => {
  it('is anything', () => {
    expect(only({ anyOf: [{ type: 'string' }, { type: 'array' }] }).schema.type).toBeUndefined()
    expect(only({ type: ['string', 'integer'] }).schema.type).toBeUndefined()
  })
})

describe('details', () => {
  it('are read where they are of the right kind, and left out where not', () => {
    const { schema } = only({
      type: 'number',
      title: 'Guidance',
      description: 7,
      minimum: 0,
      maximum: '20',
      multipleOf: 0.5,
    })
    expect(schema).toMatchObject({ title: 'Guidance', minimum: 0, multipleOf: 0.5 })
    expect(schema).not.toHaveProperty('description')
    expect(schema).not.toHaveProperty('maximum')
  })

  it('tell secrets, files to ask for and deprecation', () => {
    expect(only({ type: 'string', format: 'password' }).schema.secret).toBe(true)
    expect(only({ type: 'string', 'x-cog-secret': true }).schema.secret).toBe(true)
    expect(only({ type: 'string' }).schema.secret).toBe(false)
    expect(only({ type: 'string', 'x-cog-accept': 'image/*' }).schema.accept).toBe('image/*')
    expect(only({ type: 'string', deprecated: true }).schema.deprecated).toBe(true)
  })
})

describe('an output', () => {
  it('tells an iterator, and whether its items are one text', () => {
    const items = { type: 'string' }
    expect(output({ type: 'array', items })).toMatchObject({ iterator: false, concatenate: false })
    expect(output({ type: 'array', items, 'x-cog-array-type': 'iterator' })).toMatchObject({
      iterator: true,
      concatenate: false,
    })
    expect(
      output({
        type: 'array',
        items,
        'x-cog-array-type': 'iterator',
        'x-cog-array-display': 'concatenate',
      }),
    ).toMatchObject({ iterator: true, concatenate: true, items: { type: 'string' } })
  })

  it('has the properties of the object it refers to', () => {
    const { properties } = output(
      { $ref: '#/components/schemas/Result' },
      { Result: { type: 'object', properties: { image: { type: 'string', format: 'uri' } } } },
    )
    expect(properties?.map(({ name, schema }) => [name, schema.format])).toEqual([['image', 'uri']])
  })

  it('is anything when there is none', () => {
    expect(readSchema({}).output.type).toBeUndefined()
  })
})

describe('schemas that go round in circles', () => {
  it('end in anything', () => {
    const loop = { $ref: '#/components/schemas/Loop' }
    expect(only(loop, { Loop: loop }).schema.type).toBeUndefined()
    expect(only(loop, { Loop: { allOf: [loop, loop] } }).schema.type).toBeUndefined()
    expect(output(loop, { Loop: { type: 'array', items: loop } }).items?.items?.type).toBe('array')
  })

  it('are read in steps that do not multiply with each turn', () => {
    const loop = { $ref: '#/components/schemas/Node' }
    const properties = Object.fromEntries([...'abcdefgh'].map((name) => [name, loop]))
    expect(readings({ type: 'object', properties })).toBeLessThan(50_000)
  })

  it('are followed in steps that do not multiply with each turn', () => {
    const loop = { $ref: '#/components/schemas/Node' }
    expect(readings({ allOf: Array.from({ length: 30 }, () => loop) })).toBeLessThan(50_000)
  })

  /** How often a schema that refers to itself is looked at; it gives up when that has no end. */
  function readings(node: JsonObject): number {
    let count = 0
    const counted = new Proxy(node, {
      ownKeys(target) {
        count++
        if (count > 100_000) throw new Error('The schema is read over and over.')
        return Reflect.ownKeys(target)
      },
    })
    output({ $ref: '#/components/schemas/Node' }, { Node: counted })
    return count
  }
})
