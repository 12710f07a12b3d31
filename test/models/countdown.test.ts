import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { openTrial, type Trial } from './trial.ts'

describe('countdown', () => {
  let trial: Trial
  beforeAll(async () => {
    trial = await openTrial()
  })
  afterAll(() => trial.sandpit.close())

  it('counts down to its word', async () => {
    const { output, logs } = await trial.run('countdown', {
      from: '3',
      interval: '0.05',
      word: 'Go',
    })
    expect(output).toEqual(['3 … ', '2 … ', '1 … ', 'Go!'])
    expect(logs).toBe('tick 3\ntick 2\ntick 1\n')
  })

  it('counts from one', async () => {
    const { output } = await trial.run('countdown', { from: '1', interval: '0.05', word: 'Go' })
    expect(output).toEqual(['1 … ', 'Go!'])
  })

  it('stops in the middle of a tick when canceled', async () => {
    const id = await trial.start('countdown', { from: '100', interval: '5' })
    await eventually(async () =>
      expect(await trial.sandpit.runner.find(id)).toMatchObject({ output: ['100 … '] }),
    )
    await trial.sandpit.runner.cancel(id)
    expect(await trial.settled(id)).toMatchObject({ status: 'canceled', output: ['100 … '] })
  })

  it.each([{ from: '0' }, { from: '101' }, { from: '2.5' }, { interval: '0' }, { interval: '6' }])(
    'does not start with %j',
    async (inputs) => {
      const response = await trial.visitor.run('sandpit/countdown', inputs)
      expect(response.status).toBe(422)
    },
  )
})
