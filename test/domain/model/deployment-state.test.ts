import { describe, expect, it } from 'vitest'
import type { InstanceState } from '../../../src/domain/instance/state.ts'
import type { Deployment } from '../../../src/domain/model/deployment.ts'
import { deploymentState, servingVersion } from '../../../src/domain/model/deployment-state.ts'

const deployment: Deployment = {
  ref: { owner: 'team', name: 'shop' },
  current: {
    number: 2,
    model: { owner: 'team', name: 'greets' },
    version: 'b',
    hardware: 'small',
    minInstances: 1,
    maxInstances: 4,
    idleMs: null,
    createdAt: 0,
    createdBy: 'olga',
  },
}
const ready: InstanceState = {
  name: 'sandpit-1',
  model: 'team/greets',
  deployment: 'team/shop',
  version: 'b',
  engine: 'local',
  gpus: [],
  phase: 'ready',
  origin: null,
  startedAt: 1_000,
  readyAt: 2_000,
  idleSince: 3_000,
  runs: 0,
  slots: 1,
  isOutdated: false,
  pull: null,
  logs: '',
}
const busy = { ...ready, runs: 1 }
const boots: InstanceState = { ...ready, phase: 'booting' }
const failure = { at: 0, sentence: 'It ended with 1.', logs: '', notBefore: 1 }

const stateOf = (...instances: readonly InstanceState[]) =>
  deploymentState(deployment, instances, [])

describe('the containers of a deployment', () => {
  it('are up, and have room or not', () => {
    expect(stateOf(ready, busy, boots)).toEqual({ kind: 'up', count: 2, isBusy: false })
    expect(stateOf(busy)).toEqual({ kind: 'up', count: 1, isBusy: true })
  })

  it('roll over while some are of an earlier version, or from earlier settings', () => {
    const earlier = { ...ready, version: 'a' }
    const rolling = { kind: 'rolling over', all: 3, problem: null }
    expect(stateOf(ready, boots, earlier)).toEqual({ ...rolling, renewed: 1, isVersion: true })
    const outdated = { ...ready, isOutdated: true }
    expect(stateOf(ready, busy, outdated)).toEqual({ ...rolling, renewed: 2, isVersion: false })
  })

  it('say why the new ones do not start, beside those of before', () => {
    const earlier = { ...ready, version: 'a' }
    expect(deploymentState(deployment, [earlier], [failure])).toMatchObject({
      kind: 'rolling over',
      renewed: 0,
      problem: 'It ended with 1.',
    })
  })

  it('count while they leave only as long as they have runs', () => {
    const leaves: InstanceState = { ...busy, version: 'a', phase: 'leaving' }
    expect(stateOf(ready, leaves)).toMatchObject({ kind: 'rolling over', renewed: 1, all: 2 })
    expect(stateOf(ready, { ...leaves, runs: 0 })).toMatchObject({ kind: 'up', count: 1 })
  })

  it('start, fail, are none, or may not be', () => {
    expect(stateOf(boots)).toEqual({ kind: 'booting', count: 1 })
    expect(stateOf({ ...ready, deployment: null })).toEqual({ kind: 'cold' })
    expect(deploymentState(deployment, [], [failure])).toEqual({
      kind: 'broken',
      sentence: 'It ended with 1.',
    })
    const off = { ...deployment, current: { ...deployment.current, maxInstances: 0 } }
    expect(deploymentState(off, [busy], [failure])).toEqual({ kind: 'off' })
  })
})

describe('the version that serves a deployment', () => {
  const serving = (...instances: readonly InstanceState[]) => servingVersion(deployment, instances)
  const earlier = { ...ready, version: 'a' }

  it('is that of its release while nothing else is ready', () => {
    expect(serving()).toBe('b')
    expect(serving(boots, { ...earlier, phase: 'booting' }, { ...earlier, phase: 'leaving' })).toBe(
      'b',
    )
    expect(serving({ ...earlier, deployment: null })).toBe('b')
  })

  it('is the latest before, until as many as the minimum are ready', () => {
    expect(serving(earlier, boots)).toBe('a')
    expect(serving({ ...ready, version: 'c', readyAt: 1 }, earlier)).toBe('a')
    expect(serving(earlier, ready)).toBe('b')
    const two = { ...deployment, current: { ...deployment.current, minInstances: 2 } }
    expect(servingVersion(two, [earlier, ready])).toBe('a')
    expect(servingVersion(two, [earlier, ready, ready])).toBe('b')
  })

  it('is that of its release where nothing is kept ready', () => {
    const none = { ...deployment, current: { ...deployment.current, minInstances: 0 } }
    expect(servingVersion(none, [earlier])).toBe('b')
  })
})
