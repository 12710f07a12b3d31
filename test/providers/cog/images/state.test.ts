import { describe, expect, it } from 'vitest'
import type { InstanceState } from '../../../../src/domain/instance/state.ts'
import { instancesHealth, instancesWarmth } from '../../../../src/providers/cog/images/state.ts'

const ready: InstanceState = {
  name: 'sandpit-1',
  model: 'team/greets',
  deployment: null,
  version: 'a',
  engine: 'local',
  gpus: [],
  phase: 'ready',
  origin: null,
  startedAt: 1_000,
  readyAt: 2_000,
  idleSince: null,
  runs: 1,
  slots: 1,
  isOutdated: false,
  pull: null,
  logs: '',
}
const boots: InstanceState = {
  ...ready,
  name: 'sandpit-2',
  phase: 'booting',
  runs: 0,
  logs: 'reads',
}
const failure = { at: 0, sentence: 'It ended with 1.', logs: 'no weights', notBefore: 1 }

describe('the state of a model from images', () => {
  it('says of one container what keeps runs waiting', () => {
    expect(instancesHealth([boots], [])).toEqual({ since: 1_000, note: null, logs: 'reads' })
    expect(instancesHealth([ready], [])).toEqual({ since: null, note: null, logs: '' })
    expect(instancesHealth([], [failure])).toEqual({
      since: null,
      note: 'It ended with 1.',
      logs: 'no weights',
    })
  })

  it('names each of several containers', () => {
    const leaving: InstanceState = { ...ready, name: 'sandpit-3', phase: 'leaving' }
    expect(instancesWarmth([ready, boots, leaving], [])).toBe('busy')
    expect(instancesHealth([ready, boots, leaving], []).instances).toEqual([
      { name: 'sandpit-1', warmth: 'busy', note: null },
      { name: 'sandpit-2', warmth: 'booting', note: null },
      { name: 'sandpit-3', warmth: 'busy', note: 'It takes no more runs.' },
    ])
  })
})
