import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, it } from 'vitest'
import { blankForm } from '../../src/domain/form/form.ts'
import type { JsonObject } from '../../src/domain/json/json.ts'
import { readSchema } from '../../src/domain/schema/schema.ts'
import { FieldRow } from '../../views/form/field-row.tsx'
import { schemasWith } from '../support/domain.ts'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

function elementsIn(node: Node): Element[] {
  const inner = 'childNodes' in node ? node.childNodes.flatMap(elementsIn) : []
  return 'tagName' in node ? [node, ...inner] : inner
}

const attribute = (element: Element | undefined, name: string) =>
  element?.attrs.find((one) => one.name === name)?.value

function textOf(node: Node): string {
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

/** The field of an input of this schema: its control, and the texts that describe it. */
function drawn(schema: JsonObject) {
  const [field] = blankForm(readSchema(schemasWith({ it: schema }))).fields
  if (!field) throw new Error('There is no field')
  const elements = elementsIn(parseFragment(String(<FieldRow field={field} />)))
  const control = elements.find((one) => attribute(one, 'id') === 'input-it')
  const ids = attribute(control, 'aria-describedby')?.split(' ') ?? []
  const described = ids.map((id) => elements.find((one) => attribute(one, 'id') === id))
  return {
    control,
    text: elements[0] ? textOf(elements[0]) : '',
    described: described.map((one) => (one ? textOf(one) : 'nothing')),
  }
}

describe('a default', () => {
  it('stands apart from the description', () => {
    const { described } = drawn({ type: 'number', description: 'Presence penalty', default: 1.15 })
    expect(described).toEqual(['Presence penalty', 'default 1.15'])
  })

  it.each<[string, JsonObject]>([
    ['no text', { type: 'string', default: '' }],
    ['blanks', { type: 'string', default: '  ' }],
    ['no list', { type: 'array', items: { type: 'string' }, default: [] }],
    ['no object', { type: 'object', default: {} }],
    ['null', { type: 'integer', default: null }],
    ['a long text', { type: 'string', default: 'sand '.repeat(20) }],
    ['several lines', { type: 'string', default: 'a\nb' }],
  ])('is not named when it is %s', (_what, schema) => {
    const { text, described } = drawn({ ...schema, description: 'Prompt' })
    expect(described).toEqual(['Prompt'])
    expect(text).not.toMatch(/default/i)
  })

  it('is named without a description, and zero is one', () => {
    expect(drawn({ type: 'integer', default: 0 }).described).toEqual(['default 0'])
  })
})

describe('what is typed', () => {
  it.each<[string, JsonObject]>([
    ['a text', { type: 'string' }],
    ['a line', { type: 'string', maxLength: 40 }],
    ['one of many', { type: 'string', enum: Array.from({ length: 30 }, (_, at) => `${at}`) }],
  ])('runs in the direction of its language: %s', (_what, schema) => {
    expect(attribute(drawn(schema).control, 'dir')).toBe('auto')
  })

  it('runs as code does where it is JSON', () => {
    expect(attribute(drawn({ type: 'object' }).control, 'dir')).toBeUndefined()
  })
})
