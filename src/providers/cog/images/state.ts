import type { InstanceFailure, InstanceState } from '../../../domain/instance/state.ts'
import {
  type InstanceHealth,
  type ModelHealth,
  nothingToNote,
  type Warmth,
} from '../../../domain/model/model.ts'

/** The warmth of a model whose containers are started when they are needed. */
export function instancesWarmth(
  instances: readonly InstanceState[],
  failures: readonly InstanceFailure[],
): Warmth {
  const ready = instances.filter(({ phase }) => phase === 'ready')
  if (ready.some(({ runs, slots }) => runs < slots)) return 'warm'
  if (ready.length > 0) return 'busy'
  if (instances.some(({ phase }) => phase !== 'leaving')) return 'booting'
  return failures.length > 0 ? 'failed' : 'cold'
}

/** What there is to note of a model that boots, or whose containers failed, and each of several containers. */
export function instancesHealth(
  instances: readonly InstanceState[],
  failures: readonly InstanceFailure[],
): ModelHealth {
  const several = instances.length < 2 ? {} : { instances: instances.map(healthOf) }
  const [last] = failures
  switch (instancesWarmth(instances, failures)) {
    case 'booting': {
      const boots = instances.find(({ phase }) => phase !== 'ready' && phase !== 'leaving')
      const since = boots?.startedAt ?? null
      return { since, note: null, logs: boots?.logs ?? '', ...several }
    }
    case 'failed':
      return { since: null, note: last?.sentence ?? null, logs: last?.logs ?? '', ...several }
    default:
      return { ...nothingToNote, ...several }
  }
}

function healthOf({ name, phase, runs, slots }: InstanceState): InstanceHealth {
  switch (phase) {
    case 'ready':
      return { name, warmth: runs < slots ? 'warm' : 'busy', note: null }
    case 'leaving':
      return { name, warmth: 'busy', note: 'It takes no more runs.' }
    case 'pulling':
      return { name, warmth: 'booting', note: 'Its image is being pulled.' }
    default:
      return { name, warmth: 'booting', note: null }
  }
}
