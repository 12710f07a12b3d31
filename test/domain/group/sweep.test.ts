import { describe, expect, it } from 'vitest'
import { readSweep } from '../../../src/domain/group/sweep.ts'
import { countCells, readSweepForm } from '../../../src/domain/group/sweep-form.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'

const schema = readSchema({
  Input: {
    type: 'object',
    required: ['prompt'],
    properties: {
      prompt: { type: 'string' },
      steps: { type: 'integer', minimum: 1, maximum: 50 },
      guidance: { type: 'number' },
      medium: { type: 'string', enum: ['ink', 'oil', 'chalk'] },
      tiled: { type: 'boolean', default: false },
    },
  },
})

function propertyOf(name: string) {
  const property = schema.input.find((one) => one.name === name)
  if (!property) throw new Error(`There is no input ${name}`)
  return property
}

let next = 0
const limits = { most: 100, chance: (low: number) => low + next++ }
const read = (name: string, ...typed: string[]) => readSweep(propertyOf(name), typed, limits)
const texts = (...some: string[]) => ({ ok: true, texts: some })

describe('the values of an input that varies', () => {
  it('are numbers in a list', () => {
    expect(read('steps', '1, 2 5;9\n12')).toEqual(texts('1', '2', '5', '9', '12'))
  })

  it('are numbers from one to another, as precise as they are typed', () => {
    expect(read('steps', '1:5')).toEqual(texts('1', '2', '3', '4', '5'))
    expect(read('steps', '9:3:-3')).toEqual(texts('9', '6', '3'))
    expect(read('guidance', '0:0.3:0.1')).toEqual(texts('0.0', '0.1', '0.2', '0.3'))
    expect(read('guidance', '-1:1, 7.5')).toEqual(texts('-1', '0', '1', '7.5'))
  })

  it('are random whole numbers', () => {
    next = 0
    expect(read('steps', '3 seeds')).toEqual(texts('1', '2', '3'))
  })

  it('are lines of a text, and choices that were ticked, each once', () => {
    expect(read('prompt', 'A dune, at dawn\r\n\nA reef\nA reef')).toEqual(
      texts('A dune, at dawn', 'A reef'),
    )
    expect(read('medium', '', 'ink', 'oil')).toEqual(texts('ink', 'oil'))
  })

  it.each([
    ['steps', '', 'Enter numbers, such as 1, 2, 5 or 1:5.'],
    ['prompt', ' \n ', 'Enter a value on each line.'],
    ['medium', '', 'Tick one or more.'],
    [
      'steps',
      '1:2:3:4',
      '“1:2:3:4” is no range. Write it as from:to or from:to:step, such as 1:9:2.',
    ],
    ['steps', 'a:b', '“a:b” is no range. Write it as from:to or from:to:step, such as 1:9:2.'],
    ['steps', '1:9:0', '“1:9:0” has no values: its step leads away from 9.'],
    ['steps', '1:9:-1', '“1:9:-1” has no values: its step leads away from 9.'],
    ['steps', '1:999999999', '“1:999999999” has 999999999 values. Use at most 100.'],
    ['steps', '500 seeds', 'These are 500 values. Use at most 100.'],
  ])('of %s are not %j', (name, typed, error) => {
    expect(read(name, typed)).toEqual({ ok: false, error })
  })
})

describe('the form of a sweep', () => {
  const values = (varied: Readonly<Record<string, readonly string[]>>, prompt = 'Dunes') => ({
    varied: Object.entries(varied).map(([name, typed]) => ({ name, typed })),
    inputs: new Map([['prompt', [prompt]]]),
    kept: [],
  })

  it('makes an input for each cell, row by row', () => {
    const reading = readSweepForm(
      schema,
      values({ steps: ['1,2'], medium: ['ink', 'oil'] }),
      limits,
    )
    expect(reading).toMatchObject({
      ok: true,
      axes: [
        { input: 'steps', values: [1, 2] },
        { input: 'medium', values: ['ink', 'oil'] },
      ],
      inputs: [
        { prompt: 'Dunes', steps: 1, medium: 'ink' },
        { prompt: 'Dunes', steps: 1, medium: 'oil' },
        { prompt: 'Dunes', steps: 2, medium: 'ink' },
        { prompt: 'Dunes', steps: 2, medium: 'oil' },
      ],
    })
  })

  it('has its errors at their fields, and keeps what was typed', () => {
    const reading = readSweepForm(schema, values({ steps: ['40:60:10'] }, ''), limits)
    if (reading.ok) throw new Error('It is valid')
    const [prompt, steps] = reading.form.fields
    expect(prompt?.error).toBe('This input is required.')
    expect(steps).toMatchObject({
      shown: ['40:60:10'],
      error: '60 is too high. Use a whole number from 1 to 50.',
    })
  })

  it('has no more cells than are allowed', () => {
    const many = values({ steps: ['1:11'], guidance: ['1:11'] })
    expect(countCells(schema, many, limits)).toBe(
      'This makes 121 runs. Use fewer values: at most 100 runs.',
    )
    expect(countCells(schema, values({ steps: ['1:10'], guidance: ['1:10'] }), limits)).toBe(100)
  })
})
