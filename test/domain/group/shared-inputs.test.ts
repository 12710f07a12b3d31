import { describe, expect, it } from 'vitest'
import {
  openComparison,
  readComparison,
  sentComparison,
} from '../../../src/domain/group/compared-form.ts'
import { compareModels } from '../../../src/domain/group/comparison.ts'
import { shareInputs } from '../../../src/domain/group/shared-inputs.ts'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'

function schemaOf(properties: JsonObject, required: readonly string[] = []) {
  const schema = readSchema({ Input: { type: 'object', properties, required: [...required] } })
  return { ...schema, countsAs: {} }
}

const lantern = schemaOf(
  {
    prompt: { type: 'string' },
    seed: { type: 'integer', minimum: 0, maximum: 100 },
    size: { type: 'string', enum: ['small', 'middle', 'large'], default: 'small' },
    steps: { type: 'integer', default: 4 },
  },
  ['prompt'],
)
const plate = schemaOf({
  prompt: { type: 'string', default: 'A plate' },
  seed: { type: 'integer', minimum: 10, maximum: 200 },
  size: { type: 'string', enum: ['middle', 'large', 'huge'] },
  grain: { type: 'number' },
})
const pan = schemaOf({ text: { type: 'string' }, seed: { type: 'string' } }, ['text'])

const none = () => false
const models = [
  { ref: { owner: 'a', name: 'lantern' }, schema: lantern, countsAs: {} },
  { ref: { owner: 'b', name: 'plate' }, schema: plate, countsAs: {} },
]
const withPan = [...models, { ref: { owner: 'c', name: 'pan' }, schema: pan, countsAs: {} }]

const names = (inputs: readonly { readonly property: { readonly name: string } }[]) =>
  inputs.map(({ property }) => property.name)

describe('shared inputs', () => {
  it('are those of the same name and type, within what all of them allow', () => {
    const { shared, own } = shareInputs([lantern, plate], none)
    expect(names(shared)).toEqual(['prompt', 'seed', 'size'])
    const [prompt, seed, size] = shared.map(({ property }) => property)
    expect(prompt?.required).toBe(true)
    expect(seed?.schema).toMatchObject({ minimum: 10, maximum: 100 })
    expect(size?.schema.enum).toEqual(['middle', 'large'])
    expect(size?.schema.default).toBeUndefined()
    expect(own.map((some) => some.map(({ name }) => name))).toEqual([['steps'], ['grain']])
  })

  it('name those of different types, which each model keeps for itself', () => {
    const { shared, own, differing } = shareInputs([lantern, plate, pan], none)
    expect(names(shared)).toEqual(['prompt', 'size'])
    expect(differing.map(({ name, takers }) => [name, takers.length])).toEqual([['seed', 3]])
    expect(own[2]?.map(({ name }) => name)).toEqual(['text', 'seed'])
  })

  it('have no choice that only some models have', () => {
    const choice = (...options: string[]) => schemaOf({ size: { type: 'string', enum: options } })
    const { shared, differing } = shareInputs([choice('a'), choice('b')], none)
    expect(shared).toEqual([])
    expect(differing.map(({ name }) => name)).toEqual(['size'])
  })

  it('can be joined: the main input of a model with that of others', () => {
    const { joins } = shareInputs([lantern, pan], none)
    expect(joins.map(({ model, property, as }) => [model, property.name, as])).toEqual([
      [1, 'text', 'prompt'],
    ])
    const joined = shareInputs([lantern, pan], () => true)
    expect(names(joined.shared)).toEqual(['prompt'])
    expect(joined.own[1]?.map(({ name }) => name)).toEqual(['seed'])
  })

  it('offer nothing to a model that shares its main input', () => {
    expect(shareInputs([lantern, plate], none).joins).toEqual([])
  })
})

describe('an input that an operator said counts as another', () => {
  const said = (countsAs: Readonly<Record<string, string>>) => ({ ...pan, countsAs })
  const open = () => null

  it('is joined until a person says otherwise', () => {
    const usual = shareInputs([lantern, said({ text: 'prompt' })], open)
    expect(names(usual.shared)).toEqual(['prompt'])
    expect(usual.joins.map(({ property, as }) => [property.name, as])).toEqual([['text', 'prompt']])
    const apart = shareInputs([lantern, said({ text: 'prompt' })], none)
    expect(apart.shared).toEqual([])
    expect(apart.joins).toHaveLength(1)
  })

  it('is shared with others that count as the same, where no model has that name', () => {
    const caption = {
      ...schemaOf({ caption: { type: 'string' } }),
      countsAs: { caption: 'prompt' },
    }
    const { shared, own } = shareInputs([said({ text: 'prompt' }), caption], open)
    expect(names(shared)).toEqual(['prompt'])
    expect(shared[0]?.takers.map(({ property }) => property.name)).toEqual(['text', 'caption'])
    expect(own.map((some) => some.map(({ name }) => name))).toEqual([['seed'], []])
  })

  it('is named beside the other where their types differ', () => {
    const { shared, differing } = shareInputs([lantern, said({ text: 'steps' })], open)
    expect(shared).toEqual([])
    expect(differing.map(({ name, takers }) => [name, takers.length])).toContainEqual(['steps', 2])
  })

  it('is itself for a model that has an input of the other name, too', () => {
    const both = { ...schemaOf({ prompt: { type: 'string' }, text: { type: 'string' } }) }
    const { shared } = shareInputs([lantern, { ...both, countsAs: { text: 'prompt' } }], open)
    expect(shared.map(({ takers }) => takers.map(({ property }) => property.name))).toEqual([
      ['prompt', 'prompt'],
    ])
  })
})

describe('the form of a comparison', () => {
  const comparison = compareModels(models, none)
  const values = (given: Readonly<Record<string, string>>) => ({
    inputs: new Map(Object.entries(given).map(([name, text]) => [name, [text]] as const)),
    kept: [],
  })

  it('opens with the values of a link: for all models, or for one', () => {
    const form = openComparison(comparison, values({ prompt: 'Dunes', 'b/plate.grain': '0.5' }))
    expect(form.shared.fields.map(({ shown }) => shown)).toEqual([['Dunes'], [], []])
    expect(form.own.map(({ fields }) => fields.map(({ shown }) => shown))).toEqual([
      [['4']],
      [['0.5']],
    ])
  })

  it('takes the value of one model over when an input becomes shared, and back', () => {
    const alone = compareModels(models.slice(0, 1), none)
    const before = sentComparison(alone, values({ prompt: 'Dunes', 'a/lantern.steps': '8' }))
    expect(before.own[0]?.fields.map(({ shown }) => shown)).toEqual([
      ['Dunes'],
      [],
      ['small'],
      ['8'],
    ])
    const after = sentComparison(comparison, values({ 'a/lantern.prompt': 'Dunes' }))
    expect(after.shared.fields[0]?.shown).toEqual(['Dunes'])
  })

  it('reads the input of each model', () => {
    const reading = readComparison(
      comparison,
      values({ prompt: 'Dunes', seed: '42', size: 'large', 'a/lantern.steps': '8' }),
    )
    expect(reading.ok && reading.runs.map(({ input }) => input)).toEqual([
      { prompt: 'Dunes', seed: 42, size: 'large', steps: 8 },
      { prompt: 'Dunes', seed: 42, size: 'large' },
    ])
  })

  it('gives a joined input the value of the other', () => {
    const joined = compareModels(withPan, (name, as) => name === 'c/pan.text' && as === 'prompt')
    const reading = readComparison(joined, values({ prompt: 'Dunes', 'c/pan.seed': 'x' }))
    expect(reading.ok && reading.runs.map(({ input }) => input)).toEqual([
      { prompt: 'Dunes' },
      { prompt: 'Dunes' },
      { text: 'Dunes', seed: 'x' },
    ])
  })

  it('says at a shared input which model refuses its value', () => {
    const reading = readComparison(comparison, values({ prompt: 'Dunes', seed: '150' }))
    const errors = !reading.ok && reading.form.shared.fields.map(({ error }) => error)
    expect(errors).toEqual([
      null,
      'a/lantern: 150 is too high. Use a whole number from 0 to 100.',
      null,
    ])
  })
})
