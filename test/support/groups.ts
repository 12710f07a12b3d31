import type { PlannedRun, RunGroup } from '../../src/domain/group/group.ts'
import { idOf, start, versionOf } from './domain.ts'

const model = { owner: 'sandpit', name: 'hello-world' }

/** A group of runs of a model. */
export function groupOf(changes: Partial<RunGroup> = {}): RunGroup {
  return {
    id: idOf(500),
    kind: 'sweep',
    title: 'steps × medium',
    axes: [
      { input: 'steps', values: [10, 18446744073709551615n] },
      { input: 'medium', values: ['ink', null] },
    ],
    models: [model],
    size: 3,
    stopped: null,
    source: 'web',
    createdBy: 'ada',
    account: 'group:team',
    visibility: 'private',
    createdAt: start,
    ...changes,
  }
}

/** A planned run of it. */
export function runOf(place: number, changes: Partial<PlannedRun> = {}): PlannedRun {
  const input = { steps: place, seed: 18446744073709551615n }
  const { id: version } = versionOf()
  return { place, model, version, input, files: [], sealed: null, problem: null, ...changes }
}
