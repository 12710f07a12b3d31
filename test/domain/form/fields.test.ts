import { describe, expect, it } from 'vitest'
import { optionsOf } from '../../../src/domain/form/fields/choice.ts'
import type { Entry, Reading } from '../../../src/domain/form/fields/field-type.ts'
import { acceptOf } from '../../../src/domain/form/fields/file.ts'
import { fieldTypeOf } from '../../../src/domain/form/fields/index.ts'
import { stepOf } from '../../../src/domain/form/fields/number.ts'
import { mostDigits } from '../../../src/domain/json/bounds.ts'
import type { Json, JsonObject } from '../../../src/domain/json/json.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import type { Property } from '../../../src/domain/schema/value-schema.ts'
import { fileOf, schemasWith, uriOf } from '../../support/domain.ts'

function property(schema: JsonObject, name = 'it', required = false): Property {
  const [read] = readSchema(
    schemasWith({ [name]: schema }, { required: required ? [name] : [] }),
  ).input
  if (!read) throw new Error('The schema has no property.')
  return read
}

const kindOf = (schema: JsonObject) => fieldTypeOf(property(schema)).kind

function read(schema: JsonObject, ...entries: readonly Entry[]): Reading {
  const asked = property(schema)
  return fieldTypeOf(asked).read(entries, asked)
}

function readRequired(schema: JsonObject, ...entries: readonly Entry[]): Reading {
  const asked = property(schema, 'it', true)
  return fieldTypeOf(asked).read(entries, asked)
}

const value = (json: Json): Reading => ({ is: 'value', value: json })
const omitted: Reading = { is: 'omitted' }
const wrong = (error: RegExp) => ({ is: 'wrong', error: expect.stringMatching(error) })

describe('which control asks for what', () => {
  it.each<[string, JsonObject]>([
    ['text', { type: 'string' }],
    ['text', { type: 'string', maxLength: 2000 }],
    ['line', { type: 'string', maxLength: 80 }],
    ['number', { type: 'integer' }],
    ['number', { type: 'number', minimum: 0 }],
    ['number', { type: 'integer', minimum: 0, maximum: 2147483647 }],
    ['range', { type: 'integer', minimum: 1, maximum: 50 }],
    ['range', { type: 'number', minimum: 0, maximum: 20 }],
    ['boolean', { type: 'boolean' }],
    ['choice', { type: 'string', enum: ['a', 'b'] }],
    ['choice', { type: 'integer', enum: [1, 2] }],
    ['choice', { type: 'boolean', enum: [true] }],
    ['choice', { type: 'string', format: 'uri', enum: ['https://example.com'] }],
    ['file', { type: 'string', format: 'uri' }],
    ['date', { type: 'string', format: 'date' }],
    ['time', { type: 'string', format: 'time' }],
    ['date-time', { type: 'string', format: 'date-time' }],
    ['colour', { type: 'string', format: 'color' }],
    ['choice', { type: 'string', format: 'date', enum: ['2026-03-13'] }],
    ['json', { type: 'object' }],
    ['json', { type: 'array', items: { type: 'object' } }],
    ['json', { type: 'array' }],
    ['json', { anyOf: [{ type: 'string' }, { type: 'array' }] }],
    ['json', {}],
    ['json', { type: 'NamedEmbedding' }],
  ])('%s for %j', (kind, schema) => {
    expect(kindOf(schema)).toBe(kind)
  })

  it('is not a choice when there is nothing to choose from', () => {
    expect(kindOf({ type: 'string', enum: [] })).toBe('text')
  })
})

describe('text', () => {
  it('takes line ends as the browser sends them for plain ones, and keeps those at its ends', () => {
    expect(read({ type: 'string' }, '\r\none\r\n\r\ntwo\r\n')).toEqual(value('\none\n\ntwo\n'))
  })

  it('keeps spaces, which may be meant', () => {
    expect(read({ type: 'string' }, '  a ')).toEqual(value('  a '))
    expect(read({ type: 'string' }, ' ')).toEqual(value(' '))
  })

  it('is left out when blank, unless its default says something', () => {
    expect(read({ type: 'string' }, '')).toEqual(omitted)
    expect(read({ type: 'string', default: '' }, '')).toEqual(omitted)
    expect(read({ type: 'string', default: 'a cat' }, '')).toEqual(value(''))
    expect(read({ type: 'string', default: 'a cat' })).toEqual(omitted)
    expect(read({ type: 'string', default: 'a cat' }, '', '')).toEqual(omitted)
  })

  it('is asked for when it is required and blank', () => {
    expect(readRequired({ type: 'string' }, '')).toEqual(wrong(/required/))
  })

  it('counts characters as people do, not as halves', () => {
    const schema = { type: 'string', minLength: 2, maxLength: 3 }
    expect(read(schema, '😀😀😀')).toEqual(value('😀😀😀'))
    expect(read(schema, 'abcd')).toEqual(wrong(/^Too long: 4 characters. Use 3 or fewer/))
    expect(read(schema, '😀')).toEqual(wrong(/^Too short: 1 characters?. Use 2 or more/))
  })

  it('is the last one sent', () => {
    expect(read({ type: 'string' }, 'first', 'second')).toEqual(value('second'))
  })
})

describe('dates, times and colours', () => {
  const date = { type: 'string', format: 'date' }
  const time = { type: 'string', format: 'time' }
  const moment = { type: 'string', format: 'date-time' }
  const colour = { type: 'string', format: 'color' }

  it.each<[string, JsonObject, string]>([
    ['2026-03-13', date, '2026-03-13'],
    ['14:30', time, '14:30:00Z'],
    ['14:30:05', time, '14:30:05Z'],
    ['14:30:00+01:00', time, '14:30:00+01:00'],
    ['2026-03-13T14:30', moment, '2026-03-13T14:30:00Z'],
    ['2026-03-13T14:30:05.25', moment, '2026-03-13T14:30:05.25Z'],
    ['2026-03-13T14:30:00+01:00', moment, '2026-03-13T14:30:00+01:00'],
    ['#F2C230', colour, '#F2C230'],
    ['rebeccapurple', colour, 'rebeccapurple'],
  ])('reads %j as RFC 3339 wants it, in UTC where no zone is said', (typed, schema, expected) => {
    expect(read(schema, typed)).toEqual(value(expected))
  })

  it.each<[string, JsonObject, RegExp]>([
    ['13.3.2026', date, /^“13.3.2026” is not a date\. Write it as year-month-day/],
    ['2026-02-30', date, /is not a date/],
    ['noon', time, /is not a time\. Write it in UTC/],
    ['25:00', time, /is not a time/],
    ['2026-03-13', moment, /is not a date and time/],
    ['2026-02-30T12:00', moment, /is not a date and time/],
  ])('says how to write %j', (typed, schema, error) => {
    expect(read(schema, typed)).toEqual(wrong(error))
  })

  it.each([date, time, moment, colour])('are left out when blank: $format', (schema) => {
    expect(read(schema, '')).toEqual(omitted)
    expect(readRequired(schema, '')).toEqual(wrong(/required/))
  })

  it('leave a colour out that is said not to be set, although its control sends one', () => {
    expect(read(colour, '#000000', '')).toEqual(omitted)
  })

  it.each<[boolean, JsonObject, string]>([
    [true, date, '2026-03-13'],
    [true, time, '14:30:00Z'],
    [true, moment, '2026-03-13T14:30:00Z'],
    [true, moment, '2026-03-13T14:30'],
    [true, colour, '#f2c230'],
    [true, colour, ''],
    [false, date, 'tomorrow'],
    [false, time, '14:30:00+01:00'],
    [false, moment, '2026-03-13T14:30:00+01:00'],
    [false, moment, '2026-03-13T14:30:00.000Z'],
    [false, colour, 'rebeccapurple'],
    [false, colour, '#fff'],
  ])('are %s to fit in their control: $format %j', (fits, schema, typed) => {
    expect(fieldTypeOf(property(schema)).holds([typed], property(schema))).toBe(fits)
  })
})

describe('numbers', () => {
  it.each<[string, Json]>([
    ['7', 7],
    [' -7 ', -7],
    ['+7', 7],
    ['7.0', 7],
    ['1e3', 1000],
    ['007', 7],
  ])('reads %j as a whole number', (typed, number) => {
    expect(read({ type: 'integer' }, typed)).toEqual(value(number))
  })

  it.each<[string, Json]>([
    ['0.5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-1.5e-3', -0.0015],
    ['12', 12],
  ])('reads %j as a number', (typed, number) => {
    expect(read({ type: 'number' }, typed)).toEqual(value(number))
  })

  it.each(['7.5', 'seven', '7 8', '0x10', '1,000', '1e-1', 'NaN', 'Infinity'])(
    'does not take %j for a whole number',
    (typed) => {
      expect(read({ type: 'integer' }, typed)).toEqual(wrong(/is not a whole number/))
    },
  )

  it.each(['seven', '1e999', '--1', '1_000', 'NaN'])('does not take %j for a number', (typed) => {
    expect(read({ type: 'number' }, typed)).toEqual(wrong(/is not a number/))
  })

  it('keeps every digit of a long seed', () => {
    expect(read({ type: 'integer' }, '18446744073709551615')).toEqual(value(18446744073709551615n))
    expect(read({ type: 'integer' }, '-9007199254740993')).toEqual(value(-9007199254740993n))
    expect(read({ type: 'integer' }, '9007199254740991')).toEqual(value(9007199254740991))
  })

  it.each(['integer', 'number'])('says how many digits an %s can have', (type) => {
    const long = '1'.repeat(mostDigits + 1)
    expect(read({ type }, long)).toEqual(
      wrong(/^This number is too large. Use at most 4,300 digits/),
    )
    expect(kindOf({ type })).toBe('number')
    expect(fieldTypeOf(property({ type })).holds([long], property({ type }))).toBe(false)
  })

  it('quotes no more of what is not a number than can be read', () => {
    const reading = read({ type: 'number' }, `${'9'.repeat(1_000)}x`)
    expect(reading.is === 'wrong' && reading.error.length).toBeLessThan(120)
  })

  it('says which numbers there are when one is out of bounds', () => {
    const steps = { type: 'integer', minimum: 1, maximum: 50 }
    expect(read(steps, '51')).toEqual(wrong(/^51 is too high. Use a whole number from 1 to 50/))
    expect(read(steps, '0')).toEqual(wrong(/^0 is too low/))
    expect(read(steps, '1')).toEqual(value(1))
    expect(read(steps, '50')).toEqual(value(50))
    expect(read({ type: 'integer', maximum: 9 }, '18446744073709551615')).toEqual(wrong(/too high/))
  })

  it('knows bounds that are themselves left out, and steps', () => {
    const above = { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }
    expect(read(above, '0')).toEqual(wrong(/more than 0/))
    expect(read(above, '1')).toEqual(wrong(/less than 1/))
    expect(read({ type: 'number', multipleOf: 0.1 }, '0.3')).toEqual(value(0.3))
    expect(read({ type: 'integer', multipleOf: 8 }, '12')).toEqual(wrong(/not a multiple of 8/))
  })

  it('are left out when blank, or asked for', () => {
    expect(read({ type: 'integer', default: 5 }, ' ')).toEqual(omitted)
    expect(readRequired({ type: 'integer' }, '')).toEqual(wrong(/required/))
  })

  it('slide in steps that suit their span', () => {
    const step = (schema: JsonObject) => stepOf(property(schema).schema)
    expect(step({ type: 'integer', minimum: 0, maximum: 500 })).toBe(1)
    expect(step({ type: 'number', minimum: 0, maximum: 1 })).toBe(0.01)
    expect(step({ type: 'number', minimum: 0, maximum: 20 })).toBe(0.1)
    expect(step({ type: 'number', minimum: 0, maximum: 20, multipleOf: 0.5 })).toBe(0.5)
  })
})

describe('yes or no', () => {
  it('is no when only the hidden value was sent, yes when the box was too', () => {
    expect(read({ type: 'boolean', default: true }, 'false')).toEqual(value(false))
    expect(read({ type: 'boolean' }, 'false', 'true')).toEqual(value(true))
  })

  it('is left out when nothing was sent', () => {
    expect(read({ type: 'boolean' })).toEqual(omitted)
  })

  it('is asked for when it is required and nothing was sent', () => {
    expect(readRequired({ type: 'boolean' })).toEqual(wrong(/required/))
    expect(readRequired({ type: 'boolean' }, 'false')).toEqual(value(false))
  })

  it('is neither when something else was sent', () => {
    expect(read({ type: 'boolean' }, 'maybe')).toEqual(wrong(/Enter true or false/))
  })
})

describe('a choice', () => {
  it('has the type of the option, not of the text that was sent', () => {
    expect(read({ type: 'integer', enum: [512, 768] }, '768')).toEqual(value(768))
    expect(read({ type: 'string', enum: ['512', '768'] }, '768')).toEqual(value('768'))
    expect(read({ enum: [1, 'one', true, 2.5] }, 'true')).toEqual(value(true))
    expect(read({ enum: [12345678901234567890n] }, '12345678901234567890')).toEqual(
      value(12345678901234567890n),
    )
  })

  it('offers each option once, and a default that is not among them', () => {
    expect(optionsOf(property({ enum: ['a', 'b', 'a'] }))).toEqual(['a', 'b'])
    expect(optionsOf(property({ enum: ['a', 'b'], default: 'c' }))).toEqual(['a', 'b', 'c'])
    expect(optionsOf(property({ enum: ['1', '2'], default: 1 }))).toEqual(['1', '2'])
  })

  it('is none of the others', () => {
    expect(read({ enum: ['a', 'b'] }, 'c')).toEqual(wrong(/“c” is not one of the choices/))
  })

  it('is left out when blank, or asked for', () => {
    expect(read({ enum: ['a'] }, '')).toEqual(omitted)
    expect(readRequired({ enum: ['a'] })).toEqual(wrong(/required/))
    expect(read({ enum: ['a', ''] }, '')).toEqual(value(''))
  })
})

describe('a file', () => {
  const schema = { type: 'string', format: 'uri' }

  it('is the upload before the address, and the address before the one kept', () => {
    expect(read(schema, uriOf(1), 'https://example.com/a.png', fileOf(2))).toEqual(value(uriOf(2)))
    expect(read(schema, uriOf(1), fileOf(2), '')).toEqual(value(uriOf(2)))
    expect(read(schema, uriOf(1), 'https://example.com/a.png')).toEqual(
      value('https://example.com/a.png'),
    )
    expect(read(schema, uriOf(1), '')).toEqual(value(uriOf(1)))
  })

  it('is the upload even when the address is no address', () => {
    expect(read(schema, 'nonsense', fileOf(2))).toEqual(value(uriOf(2)))
  })

  it.each(['https://example.com/a.png', 'http://localhost:5000/a', 'data:image/png;base64,AAAA'])(
    'may be at %s',
    (url) => {
      expect(read(schema, ` ${url}\r\n`)).toEqual(value(url))
    },
  )

  it.each(['cat.png', 'file:///etc/passwd', 'javascript:alert(1)', 'data:nothing', 'https://'])(
    'is not at %s',
    (text) => {
      expect(read(schema, text)).toEqual(wrong(/is not the URL of a file/))
    },
  )

  it('is left out when there is none, or asked for', () => {
    expect(read(schema, '', ' ')).toEqual(omitted)
    expect(readRequired(schema, '')).toEqual(wrong(/required/))
  })

  it.each([
    ['input_image', 'image/*'],
    ['mask', 'image/*'],
    ['speaker_wav', 'audio/*'],
    ['video', 'video/*'],
    ['pdf', 'application/pdf,text/*'],
    ['weights', undefined],
  ])('named %s offers %s first', (name, accept) => {
    expect(acceptOf(property(schema, name))).toBe(accept)
  })

  it('offers what the schema says before what the name suggests', () => {
    expect(acceptOf(property({ ...schema, 'x-cog-accept': '.safetensors' }, 'image'))).toBe(
      '.safetensors',
    )
  })
})

describe('JSON', () => {
  it('is any value, long integers included', () => {
    expect(read({}, '{"seed": 12345678901234567890,\r\n "more": [1]}')).toEqual(
      value({ seed: 12345678901234567890n, more: [1] }),
    )
    expect(read({}, 'null')).toEqual(value(null))
  })

  it('is left out when blank, or asked for', () => {
    expect(read({}, ' \r\n ')).toEqual(omitted)
    expect(readRequired({}, '')).toEqual(wrong(/required/))
  })

  it.each([
    ['{"a": x}', 1, 7],
    ['{a: 1}', 1, 2],
    ['{"a": 1,}', 1, 9],
    ['[1, 2', 1, 6],
    ['"abc', 1, 5],
    ['[1 2]', 1, 4],
    ['nope', 1, 2],
    ['{\r\n  "a": 1,\r\n  "b": tru\r\n}', 3, 11],
    ["{'a': 1}", 1, 2],
    ['{} {}', 1, 4],
  ])('%j is wrong at line %i, column %i', (typed, line, column) => {
    expect(read({}, typed)).toEqual(wrong(new RegExp(`line ${line}, column ${column}\\.`)))
  })
})
