import type { JsonObject } from '../../src/domain/json/json.ts'

/** A model as others write them, small: one thing that a form has to get right. */
export interface Fixture {
  /** Of the schema's `Input`. */
  readonly properties: JsonObject
  readonly required?: readonly string[]
  /** The targets of `$ref`s. */
  readonly definitions?: JsonObject
  /** An input as its author gave it. */
  readonly example: JsonObject
  /** The input of an untouched form, apart from the example's required inputs. */
  readonly blank: JsonObject
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const message = {
  type: 'object',
  properties: {
    role: { type: 'string', enum: ['user', 'assistant'] },
    content: { type: 'string' },
  },
  required: ['role', 'content'],
}

export const fixtures: Readonly<Record<string, Fixture>> = {
  'a long form whose prompt has a default and is not the first': {
    properties: {
      ...Object.fromEntries(
        times(12, (n) => [`option_${n}`, { type: 'number', default: n, 'x-order': n }]),
      ),
      prompt: { type: 'string', default: 'a cat', 'x-order': 13 },
      negative_prompt: { type: 'string', default: '', 'x-order': 14 },
      seed: { type: 'integer', 'x-order': 15 },
    },
    example: { prompt: 'a dog', seed: 3 },
    blank: {
      ...Object.fromEntries(times(12, (n) => [`option_${n}`, n])),
      prompt: 'a cat',
    },
  },
  'dates, times and colours, as their controls hold them and otherwise': {
    properties: {
      date: { type: 'string', format: 'date' },
      time: { type: 'string', format: 'time', default: '08:00:00Z' },
      moment: { type: 'string', format: 'date-time' },
      elsewhere: { type: 'string', format: 'date-time' },
      precise: { type: 'string', format: 'date-time' },
      colour: { type: 'string', format: 'color', default: '#f2c230' },
      named: { type: 'string', format: 'color' },
      tint: { type: 'string', format: 'color' },
      days: { type: 'array', items: { type: 'string', format: 'date' } },
      tints: { type: 'array', items: { type: 'string', format: 'color' } },
    },
    example: {
      date: '2026-03-13',
      time: '14:30:00Z',
      moment: '2026-03-13T14:30:00Z',
      elsewhere: '2026-03-13T14:30:00+01:00',
      precise: '2026-03-13T14:30:00.000Z',
      colour: '#336699',
      named: 'rebeccapurple',
      days: ['2026-03-13', '2026-03-14'],
      tints: ['#336699', 'red'],
    },
    blank: { time: '08:00:00Z', colour: '#f2c230' },
  },
  'inputs whose order is x-order': {
    properties: {
      zebra: { type: 'string', default: 'z', 'x-order': 1 },
      apple: { type: 'integer', default: 1, 'x-order': 0 },
    },
    example: { zebra: 'stripes', apple: 7 },
    blank: { apple: 1, zebra: 'z' },
  },
  'a choice by allOf, with its default beside it': {
    properties: { scheduler: { allOf: [refTo('scheduler')], default: 'K_EULER' } },
    definitions: { scheduler: { type: 'string', enum: ['DDIM', 'K_EULER'], description: 'One.' } },
    example: { scheduler: 'DDIM' },
    blank: { scheduler: 'K_EULER' },
  },
  'a choice of integers by allOf': {
    properties: { width: { allOf: [refTo('width')], default: 512 } },
    definitions: { width: { type: 'integer', enum: [128, 512, 1024] } },
    example: { width: 1024 },
    blank: { width: 512 },
  },
  'a choice by reference alone': {
    properties: { size: refTo('size') },
    definitions: { size: { type: 'string', enum: ['s', 'm'], default: 'm' } },
    example: { size: 's' },
    blank: { size: 'm' },
  },
  'a choice without a type': {
    properties: { mode: { enum: ['fast', 'good'] }, level: { enum: [1, 2.5, '3', true] } },
    example: { mode: 'good', level: 2.5 },
    blank: {},
  },
  'choices that are listed twice': {
    properties: { voice: { type: 'string', enum: ['a', 'b', 'a', 'b'], default: 'b' } },
    example: { voice: 'a' },
    blank: { voice: 'b' },
  },
  'a single choice': {
    properties: {
      only: { type: 'string', enum: ['one'], default: 'one' },
      maybe: { type: 'string', enum: ['one'] },
      constant: { const: 'fixed' },
    },
    example: { only: 'one', maybe: 'one', constant: 'fixed' },
    blank: { only: 'one' },
  },
  'a default outside its choices': {
    properties: {
      size: { type: 'string', enum: ['256', '512'], default: 512 },
      style: { type: 'string', enum: ['oil', 'ink'], default: 'none' },
    },
    example: { size: '256', style: 'ink' },
    blank: { size: '512', style: 'none' },
  },
  'a thousand and one choices': {
    properties: {
      font: { type: 'string', enum: times(1_001, (n) => `Font ${n}`), default: 'Font 7' },
    },
    example: { font: 'Font 1000' },
    blank: { font: 'Font 7' },
  },
  'choices with an empty text and with HTML': {
    properties: { suffix: { type: 'string', enum: ['', '<b>"&', ' a '], default: '' } },
    example: { suffix: '<b>"&' },
    blank: { suffix: '' },
  },
  'what may be null': {
    properties: {
      a: { type: 'integer', nullable: true },
      b: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
      c: { type: ['number', 'null'], minimum: 0, maximum: 1, default: 0.5 },
      d: { type: 'string', format: 'uri', nullable: true, default: null },
      e: { anyOf: [refTo('kind'), { type: 'null' }] },
      f: { allOf: [refTo('kind')], nullable: true },
    },
    definitions: { kind: { type: 'string', enum: ['x', 'y'] } },
    example: { a: 3, b: 'text', c: 0.25, d: 'https://example.com/a.png', e: 'y', f: 'x' },
    blank: { c: 0.5 },
  },
  'nulls in the example': {
    properties: { a: { type: 'integer', nullable: true }, b: { type: 'string', nullable: true } },
    example: { a: null, b: 'given' },
    blank: {},
  },
  'a text or a list of texts, given as a text': {
    properties: {
      stop: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    },
    example: { stop: 'one "two"' },
    blank: {},
  },
  'a text or a list of texts, given as a list': {
    properties: {
      stop: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    },
    example: { stop: ['one', 'two'] },
    blank: {},
  },
  'a list of files': {
    properties: {
      image_input: { type: 'array', items: { type: 'string', format: 'uri' }, default: [] },
      videos: { type: 'array', items: { type: 'string', format: 'uri' }, maxItems: 2 },
    },
    example: {
      image_input: ['https://example.com/a.png', 'https://example.com/b.png?x=1&y=2'],
      videos: ['https://example.com/c.mp4'],
    },
    blank: { image_input: [] },
  },
  'lists of numbers, integers, choices and texts': {
    properties: {
      weights: { type: 'array', items: { type: 'number' }, default: [0.5, 1] },
      sizes: { type: 'array', items: { type: 'integer' } },
      kinds: { type: 'array', items: { allOf: [refTo('kind')] } },
      tags: { type: 'array', items: { type: 'string' } },
      flags: { type: 'array', items: { type: 'boolean' } },
    },
    definitions: { kind: { type: 'string', enum: ['x', 'y'] } },
    example: {
      weights: [0.1, 1e-7, 3],
      sizes: [1, 18446744073709551615n],
      kinds: ['y', 'x', 'y'],
      tags: ['a, b', 'two\nlines', '<c>'],
      flags: [true, false],
    },
    blank: { weights: [0.5, 1] },
  },
  'messages, as chat models take them': {
    properties: {
      messages: { type: 'array', items: message, default: [] },
      last: refTo('message'),
    },
    definitions: { message },
    example: {
      messages: [
        { role: 'user', content: 'Say “hi”\r\nthen\ttwo\u2028lines </textarea>' },
        { role: 'assistant', content: '' },
      ],
      last: { role: 'user', content: '\n' },
    },
    blank: { messages: [] },
  },
  'objects, free and declared': {
    properties: {
      free: { type: 'object' },
      map: { type: 'object', additionalProperties: { type: 'integer' } },
      deep: { type: 'object', properties: { a: { type: 'object', properties: { b: {} } } } },
      any: {},
    },
    example: {
      free: { seed: 12345678901234567890n, x: null },
      map: { one: 1 },
      deep: { a: { b: [1, 'two', { three: false }] } },
      any: 'a text among anything',
    },
    blank: {},
  },
  'which files are asked for': {
    properties: { clip: { type: 'string', format: 'uri', 'x-cog-accept': 'video/*,.mkv' } },
    required: ['clip'],
    example: { clip: 'data:video/mp4;base64,AAAA' },
    blank: {},
  },
  'a file with a default address': {
    properties: { image: { type: 'string', format: 'uri', default: 'https://example.com/d.png' } },
    example: { image: 'https://example.com/a b.png' },
    blank: { image: 'https://example.com/d.png' },
  },
  secrets: {
    properties: {
      hf_token: { type: 'string', format: 'password', 'x-cog-secret': true, default: '' },
      api_key: { type: 'string', 'x-cog-secret': true },
      prompt: { type: 'string' },
    },
    required: ['api_key'],
    example: { prompt: 'a cat', api_key: '[REDACTED]' },
    blank: {},
  },
  'bounds written as fractions': {
    properties: {
      steps: { type: 'integer', minimum: 1.0, maximum: 50.0, default: 20 },
      strength: { type: 'number', minimum: 0, maximum: 1, default: 0.8 },
      odd: { type: 'integer', minimum: 0.5, maximum: 9.5 },
      loose: { type: 'number', exclusiveMinimum: 0, maximum: 1e9 },
    },
    example: { steps: 50, strength: 0.12345678901, odd: 9, loose: 1e-7 },
    blank: { steps: 20, strength: 0.8 },
  },
  'seeds of every kind': {
    properties: {
      seed: { type: 'integer' },
      seed_minus: { type: 'integer', default: -1 },
      seed_zero: { type: 'integer', default: 0, minimum: 0, maximum: 18446744073709551615n },
      seed_text: { type: 'string' },
    },
    example: {
      seed: 18446744073709551615n,
      seed_minus: -1,
      seed_zero: 9007199254740993n,
      seed_text: '7',
    },
    blank: { seed_minus: -1, seed_zero: 0 },
  },
  'digits given as texts': {
    properties: { width: { type: 'integer' }, label: { type: 'string' } },
    example: { width: 512, label: '512' },
    blank: {},
  },
  'yes and no': {
    properties: {
      on: { type: 'boolean', default: true },
      off: { type: 'boolean', default: false },
      open: { type: 'boolean' },
      must: { type: 'boolean' },
    },
    required: ['must'],
    example: { on: false, off: true, open: false, must: false },
    blank: { on: true, off: false },
  },
  'long and many-lined texts': {
    properties: {
      prompt: { type: 'string', default: 'line one\nline two' },
      system: { type: 'string', default: 'x'.repeat(2_985) },
      empty: { type: 'string', default: '' },
      emptied: { type: 'string', default: 'something' },
    },
    example: {
      prompt: '\n\n  leading, and trailing \n',
      system: '<!-- </textarea><script>1</script> --> & "quoted"',
      empty: ' ',
      emptied: '',
    },
    blank: { prompt: 'line one\nline two', system: 'x'.repeat(2_985), emptied: 'something' },
  },
  'short texts': {
    properties: { name: { type: 'string', maxLength: 40, minLength: 2 } },
    example: { name: 'Zoë 👩‍👩‍👧' },
    blank: {},
  },
  'names that mean something elsewhere': {
    properties: Object.fromEntries(
      [
        ...[
          'action',
          'length',
          'constructor',
          '__proto__',
          'prototype',
          'input',
          'version',
          'from',
        ],
        ...['model', 'key', 'method', 'target', 'name', 'id', 'submit', 'json', 'add', 'remove'],
        ...['hasOwnProperty', 'toString', 'a.0', 'with space', 'ключ', '"quoted"', '<b>', '&amp;'],
      ].map((name) => [name, { type: 'string' }]),
    ),
    example: Object.fromEntries(
      [
        'action',
        'length',
        'constructor',
        '__proto__',
        'input',
        'version',
        'from',
        'a.0',
        '<b>',
      ].map((name) => [name, `the ${name}`]),
    ),
    blank: {},
  },
  'seventy-three inputs': {
    properties: Object.fromEntries(
      times(73, (n) => [`input_${n}`, { type: 'integer', default: n, 'x-order': 72 - n }]),
    ),
    example: Object.fromEntries(times(73, (n) => [`input_${n}`, 2 * n])),
    blank: Object.fromEntries(times(73, (n) => [`input_${n}`, n])),
  },
  'what is no longer to be used': {
    properties: {
      old: { type: 'string', deprecated: true, default: 'was' },
      young: { type: 'string' },
    },
    example: { old: 'still', young: 'yes' },
    blank: { old: 'was' },
  },
  'nothing at all': { properties: {}, example: {}, blank: {} },
}
