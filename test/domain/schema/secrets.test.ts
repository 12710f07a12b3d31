import { describe, expect, it } from 'vitest'
import { fillForm, formWith } from '../../../src/domain/form/form.ts'
import { linkValues, readAsForm } from '../../../src/domain/form/form-json.ts'
import { readForm } from '../../../src/domain/form/read-form.ts'
import type { Json, JsonObject } from '../../../src/domain/json/json.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import {
  lacksSecrets,
  mayHoldSecrets,
  secretTexts,
  splitSecrets,
} from '../../../src/domain/schema/secrets.ts'
import { withoutSecrets } from '../../../src/domain/schema/typed-secrets.ts'
import { schemasWith } from '../../support/domain.ts'

const password = { type: 'string', format: 'password' }
const object = (properties: JsonObject) => ({ type: 'object', properties })
const schemaOf = (schema: Json, rest: JsonObject = {}) =>
  readSchema(schemasWith({ it: schema, prompt: { type: 'string' } }, rest))

/** Where a secret may stand, and an input that has the word `hunter2` there. */
const places: readonly (readonly [string, Json, JsonObject, Json])[] = [
  ['in the input itself', password, {}, 'hunter2'],
  [
    'in an object',
    object({ key: { type: 'string', 'x-cog-secret': true } }),
    {},
    { key: 'hunter2' },
  ],
  ['written only', object({ key: { type: 'string', writeOnly: true } }), {}, { key: 'hunter2' }],
  ['in a list', { type: 'array', items: password }, {}, ['hunter2', 'hunter2']],
  ['in a list of pairs', { type: 'array', prefixItems: [{}, password] }, {}, ['a', 'hunter2']],
  [
    'in objects of a list',
    { type: 'array', items: object({ login: object({ key: password }) }) },
    {},
    [{ login: { key: 'hunter2', user: 'ada' } }],
  ],
  ['under any name', { type: 'object', additionalProperties: password }, {}, { any: 'hunter2' }],
  [
    'under a pattern',
    { type: 'object', patternProperties: { '^k': password } },
    {},
    { k: 'hunter2' },
  ],
  [
    'by reference',
    { $ref: '#/components/schemas/Login' },
    { Login: object({ key: { $ref: '#/components/schemas/Key' } }), Key: password },
    { key: 'hunter2' },
  ],
  [
    'in one of several',
    { anyOf: [{ type: 'string' }, { allOf: [object({ key: password })] }] },
    {},
    { key: 'hunter2' },
  ],
  [
    'thirty levels deep',
    { $ref: '#/components/schemas/Node' },
    { Node: object({ key: password, next: { $ref: '#/components/schemas/Node' } }) },
    Array.from({ length: 30 }).reduce<Json>((next) => ({ next }), { key: 'hunter2' }),
  ],
  ['that is an object', { type: 'object', writeOnly: true }, {}, { a: ['hunter2'], b: 'hunter2' }],
]

describe.each(places)('a secret %s', (_where, schema, rest, value) => {
  const model = schemaOf(schema, rest)
  const input = { it: value, prompt: 'a cat' }

  it('is split from what may be shown, and makes the whole with it again', () => {
    const { shown, secrets } = splitSecrets(model, input)
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(JSON.stringify(shown)).toContain('[REDACTED]')
    expect(shown.prompt).toBe('a cat')
    expect({ ...shown, ...secrets }).toEqual(input)
    expect([lacksSecrets(model, shown), lacksSecrets(model, input)]).toEqual([true, false])
    expect(splitSecrets(model, shown)).toEqual({ shown, secrets: {} })
  })

  it('is told as what no log may hold', () => {
    expect(new Set(secretTexts(model, input))).toEqual(new Set(['hunter2']))
  })

  it('is in no form that is shown and in no link, and is read from one all the same', () => {
    expect(JSON.stringify(fillForm(model, input))).not.toContain('hunter2')
    const given = formWith(model, input, [])
    expect(JSON.stringify(linkValues(model, given))).not.toContain('hunter2')
    const text = JSON.stringify(input)
    const sent = readAsForm(model, text, [])
    if (!sent.ok) throw new Error(sent.error)
    expect(readForm(model, sent.submission)).toMatchObject({ ok: true, input })
    expect(withoutSecrets(model, null, text)).not.toContain('hunter2')
    const wrong = new Map([...sent.submission, ['prompt', []]])
    const wanting = readSchema({ ...model.schemas, Input: requiring(model.schemas.Input) })
    const reading = readForm(wanting, wrong)
    expect(reading.ok).toBe(false)
    expect(JSON.stringify(reading)).not.toContain('hunter2')
  })

  it('is not shown again when its JSON is broken', () => {
    for (const broken of [
      JSON.stringify(input, null, 2).slice(0, -2),
      `${JSON.stringify(input)},`,
    ]) {
      expect(broken).toContain('hunter2')
      expect(withoutSecrets(model, null, broken)).not.toContain('hunter2')
    }
    expect(withoutSecrets(model, 'it', `${JSON.stringify(value)} x`)).not.toContain('hunter2')
  })
})

function requiring(input: Json | undefined): JsonObject {
  return { ...(input as JsonObject), required: ['prompt'] }
}

it('leaves alone what is no secret', () => {
  const model = schemaOf(object({ user: { type: 'string' }, key: password }))
  const input = { it: { user: 'ada', key: '' }, prompt: 'x' }
  expect(splitSecrets(model, input)).toEqual({ shown: input, secrets: {} })
  expect([mayHoldSecrets(model, 'it'), mayHoldSecrets(model, 'prompt')]).toEqual([true, false])
  const typed = '{"user": "ada", "note": "my key is safe",}'
  expect(withoutSecrets(model, 'it', typed)).toBe(typed)
  expect(withoutSecrets(schemaOf({ type: 'object' }), 'it', '{"key": "hunter2",}')).toContain('hun')
})

it.each([
  `{"user": "ada", "key": "hunter2", "more": 1,}`,
  `{'user': 'ada', 'key': 'hunter2'}`,
  `{user: "ada", key: hunter2, more: 1}`,
  `{"user": "ada", "key": "hunter2`,
  `{"user": "ada", "key": "two\nlines of hunter2", "more": 1}`,
  `{"user": "ada", "key" : ["hunter2", {"a": "hunter2"}, 1}`,
  `{"user": "ada", "key": "a \\"quoted\\" hunter2",}`,
])('keeps the rest of broken JSON: %s', (typed) => {
  const model = schemaOf(object({ user: { type: 'string' }, key: password }))
  const shown = withoutSecrets(model, 'it', typed)
  expect(shown).not.toContain('hunter2')
  expect(shown).toContain('ada')
})

it('knows names with any characters in them', () => {
  for (const name of ['api-key', 'a.b', 'a|b', '$[0]', '(a+)+', 'ключ', '\\', '😀', '/'])
    expect(
      withoutSecrets(schemaOf(object({ [name]: password })), 'it', `{"${name}": "hunter2"`),
    ).toBe(`{"${name}": "[REDACTED]"`)
})

it('takes all for secret in a schema that has no end', () => {
  const a = { $ref: '#/components/schemas/A' }
  const properties = Object.fromEntries([...'abcdefghij'].map((name) => [name, a]))
  const many = Array.from({ length: 300 }, () => a)
  const model = schemaOf(a, { A: { ...object({ ...properties, key: password }), allOf: many } })
  const value = Array.from({ length: 400 }).reduce<Json>((a) => ({ a }), { key: 'hunter2' })
  const { shown, secrets } = splitSecrets(model, { it: value })
  expect(JSON.stringify(shown)).not.toContain('hunter2')
  expect(secrets).toEqual({ it: value })
})

it('may be something else than a text, and is then written as JSON', () => {
  const model = schemaOf({ type: 'integer', writeOnly: true })
  const read = (typed: string) => readForm(model, new Map([['it', [typed]]]))
  expect(read('12345')).toMatchObject({ ok: true, input: { it: 12345 } })
  const wrong = read('hunter2')
  expect(wrong.ok).toBe(false)
  expect(JSON.stringify(wrong)).not.toContain('hunter2')
  expect(secretTexts(model, { it: 12345 })).toEqual(['12345'])
})
