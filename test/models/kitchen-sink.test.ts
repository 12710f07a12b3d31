import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormValues } from '../support/visitor.ts'
import { openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

async function echo(inputs: FormValues) {
  const prediction = await trial.run('kitchen-sink', { line: 'x', ...inputs })
  expect(prediction.error).toBeNull()
  return prediction
}

const defaults = {
  text: 'As long as you like.\nOver several lines.',
  code: 'for (const grain of sand) {\n  count(grain)\n}',
  integer: 7,
  number: 1.5,
  range: 0.25,
  steps: 20,
  on: true,
  off: false,
  size: 'medium',
  letter: 'lambda',
  scale: 2,
  day: '2026-03-13',
  colour: '#f2c230',
  words: ['bucket', 'spade'],
  numbers: [],
  settings: { depth: 3, sides: ['north', 'east'] },
  points: [
    { x: 0, y: 0 },
    { x: 1, y: 0.5 },
  ],
}

describe('kitchen-sink', () => {
  it('fills in the defaults, and leaves out what was left out', async () => {
    expect((await echo({ line: 'only this' })).output).toEqual({ line: 'only this', ...defaults })
  })

  it('gives back every kind of input as what it is', async () => {
    const given = {
      line: 'a <b> & "c"',
      text: 'one\r\ntwo',
      integer: '-12',
      number: '0.125',
      range: '1',
      steps: '50',
      seed: '9007199254740991',
      on: 'false',
      off: ['false', 'true'],
      size: 'large',
      letter: 'omega',
      scale: '8',
      words: ['', 'wet', 'dry'],
      numbers: ['', '1', '-2.5'],
      settings: '{"depth": 1, "sides": []}',
      points: '[{"x": 1, "y": 2}]',
      note: 'here',
      old: 'still',
    }
    expect((await echo(given)).output).toMatchObject({
      line: 'a <b> & "c"',
      text: 'one\ntwo',
      integer: -12,
      number: 0.125,
      range: 1,
      steps: 50,
      seed: 9007199254740991,
      on: false,
      off: true,
      size: 'large',
      letter: 'omega',
      scale: 8,
      words: ['wet', 'dry'],
      numbers: [1, -2.5],
      settings: { depth: 1, sides: [] },
      points: [{ x: 1, y: 2 }],
      note: 'here',
      old: 'still',
    })
  })

  it('tells what files it was given', async () => {
    const png = new Uint8Array(Buffer.from('iVBORw0KGgoAAAANSUhEUg', 'base64'))
    const { output } = await echo({
      file: new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'mark.svg'),
      files: ['', new File(['hello'], 'one.txt'), new File([png], 'two.png')],
    })
    expect(output).toMatchObject({
      file: { name: 'mark.svg', type: 'image/svg+xml', size: 41 },
      files: [
        { name: 'one.txt', type: expect.any(String), size: 5 },
        { name: 'two.png', type: expect.any(String), size: 16 },
      ],
    })
  })

  it('gives away no more of a secret than its length', async () => {
    const prediction = await echo({ password: 'open sesame' })
    expect(prediction.output).toMatchObject({ password: { length: 11 } })
    expect(JSON.stringify(prediction)).not.toContain('sesame')
  })

  it.each([
    {},
    { line: 'x'.repeat(61) },
    { line: 'x', integer: '1.5' },
    { line: 'x', number: '-1' },
    { line: 'x', range: '2' },
    { line: 'x', size: 'huge' },
    { line: 'x', letter: 'aleph' },
    { line: 'x', scale: '3' },
    { line: 'x', numbers: ['', 'one'] },
    { line: 'x', words: ['', ...'abcdefghijk'] },
    { line: 'x', settings: '{"depth": 1.5, "sides": []}' },
    { line: 'x', settings: '{' },
    { line: 'x', points: '[{"x": 1}]' },
  ])('does not start with %j', async (inputs) => {
    expect((await trial.visitor.run('sandpit/kitchen-sink', inputs)).status).toBe(422)
  })
})
