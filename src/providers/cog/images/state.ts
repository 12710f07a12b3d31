import type { InstanceFailure, InstanceState } from '../../../domain/instance/state.ts'
import { type ModelHealth, nothingToNote, type Warmth } from '../../../domain/model/model.ts'

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

/** What there is to note of a model that boots, or whose containers failed. */
export function instancesHealth(
  instances: readonly InstanceState[],
  failures: readonly InstanceFailure[],
): ModelHealth {
  const [last] = failures
  switch (instancesWarmth(instances, failures)) {
    case 'booting': {
      const boots = instances.find(({ phase }) => phase !== 'ready' && phase !== 'leaving')
      return { since: boots?.startedAt ?? null, note: null, logs: boots?.logs ?? '' }
    }
    case 'failed':
      return { since: null, note: last?.sentence ?? null, logs: last?.logs ?? '' }
    default:
      return nothingToNote
  }
}
