import { expect, it } from 'vitest'
import type { WaitState } from '../../../../src/engine/instances/waiting.ts'
import { waitPhase } from '../../../../src/providers/cog/images/wait-progress.ts'

type Instance = Extract<WaitState, { kind: 'instance' }>['state']

function waitingFor(changes: Partial<Instance>): WaitState {
  const state: Instance = {
    name: 'sandpit-1',
    model: 'ann/lantern',
    deployment: null,
    version: 'f'.repeat(64),
    engine: 'local',
    gpus: [],
    phase: 'pulling',
    origin: null,
    startedAt: 0,
    readyAt: null,
    idleSince: null,
    runs: 0,
    slots: 1,
    isOutdated: false,
    pull: null,
    logs: '',
    ...changes,
  }
  return { kind: 'instance', state }
}

const pull = { layersDone: 1, layers: 4, done: null, total: null }

it.each([
  ['pulls its image', 'pulling', waitingFor({ pull })],
  ['has its image already', 'booting', waitingFor({})],
  ['is created', 'booting', waitingFor({ phase: 'starting' })],
  ['is set up', 'booting', waitingFor({ phase: 'booting' })],
  ['is busy', 'queued', { kind: 'busy' }],
  ['is at an engine that is away', 'queued', { kind: 'engine away', sentence: 'Gone.' }],
  [
    'may start when a GPU is free',
    'queued',
    { kind: 'held up', holdUp: { kind: 'busy', by: [] }, logs: '' },
  ],
] as const)('a run whose container %s is %s', (_, phase, state) => {
  expect(waitPhase(state)).toBe(phase)
})
