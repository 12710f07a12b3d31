import type { InstanceState } from '../../../domain/instance/state.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { ProviderInstances } from '../../provider.ts'
import { memoryOf } from './memory.ts'
import type { Pool, PooledCopy } from './pool.ts'

/** The processes of local models, as instances. `currentOf`: the id of the current version of a model. */
export function createLocalInstances(
  pool: Pool,
  currentOf: (ref: ModelRef) => string | null,
): ProviderInstances {
  return {
    of: (ref) => pool.of(ref).map(stateOf),
    failures: (ref) => pool.failures.of(currentOf(ref) ?? ''),
    nextTry(ref) {
      const version = currentOf(ref) ?? ''
      // A run starts a process at once.
      if (!pool.keeps(version) || !pool.failures.putsOff(version)) return null
      return { at: pool.failures.notBefore(version), isKept: true }
    },
    async memoryOf(name) {
      const { copy, memoryMb } = pool.named(name) ?? {}
      const used = copy?.pid === undefined ? null : await memoryOf(copy.pid)
      return used === null || memoryMb === undefined ? null : { used, most: memoryMb * 2 ** 20 }
    },
    async drain(name) {
      const pooled = pool.named(name)
      if (pooled) pool.drain(pooled)
      return pooled !== undefined
    },
    async stop(name) {
      const pooled = pool.named(name)
      if (!pooled) return false
      pooled.endedBy = stopped
      await pool.discard(pooled)
      return true
    },
    async tryAgain(ref) {
      pool.failures.forget(currentOf(ref) ?? '')
    },
  }
}

const stopped = 'The model’s process was stopped by an operator.'

function stateOf(pooled: PooledCopy): InstanceState {
  const { name, model, version, state, isLeaving, startedAt, readyAt, idleSince, logs } = pooled
  return {
    name,
    model,
    // A version has the same processes for all that run it.
    deployment: null,
    version,
    engine: null,
    gpus: [],
    phase: isLeaving ? 'leaving' : state === 'booting' ? 'booting' : 'ready',
    origin: null,
    startedAt,
    readyAt,
    idleSince,
    runs: pooled.onMessage ? 1 : 0,
    slots: 1,
    isOutdated: false,
    pull: null,
    logs,
  }
}
