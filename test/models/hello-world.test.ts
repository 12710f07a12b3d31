import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTrial, type Trial } from './trial.ts'

describe('hello-world', () => {
  let trial: Trial
  beforeAll(async () => {
    trial = await openTrial()
  })
  afterAll(() => trial.sandpit.close())

  it('greets what it is given', async () => {
    expect((await trial.run('hello-world', { text: 'World' })).output).toBe('Hello World')
  })

  it.each(['<b>you</b> & "me"', 'Grüße 👋🏽 世界', 'two\nlines', 'a'.repeat(100_000)])(
    'greets %j as it is',
    async (text) => {
      expect((await trial.run('hello-world', { text })).output).toBe(`Hello ${text}`)
    },
  )
})
