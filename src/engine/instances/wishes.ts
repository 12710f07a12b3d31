import { notBefore } from '../../domain/instance/back-off.ts'
import type { HoldUp, Running, Wish } from '../placement/situation.ts'
import type { Instance } from './instance.ts'
import type { Pool } from './pool.ts'
import type { Waiter, WaitState } from './waiting.ts'
import type { Workload } from './workload.ts'

/** A workload as placement sees it. */
export function wishOf(workload: Workload, waiters: readonly Waiter[], pool: Pool): Wish {
  const { key, replacedBy, engines, gpus, gpuBytes, min, max, slots, idleMs } = workload
  return {
    ...{ key, replacedBy, engines, gpus, gpuBytes, min, max, slots, idleMs },
    waiting: waiters.length,
    waitsSince: waiters.length === 0 ? null : Math.min(...waiters.map(({ since }) => since)),
    runMs: workload.usualRun(),
    bootMs: pool.bootMs(key),
    notBefore: notBefore(pool.failuresOf(key)),
  }
}

/** A container as placement sees it. */
export function runningOf(instance: Instance): Running {
  const { name, workload, gpus, gpuBytes } = instance
  const { phase, engine, isOutdated, runs, readyAt, idleSince } = instance.state()
  return {
    id: name,
    key: workload.key,
    engine: engine ?? '',
    gpus,
    gpuBytes,
    state: phase === 'ready' || phase === 'leaving' ? phase : 'booting',
    isOutdated,
    isFound: instance.isFound(),
    runs,
    readySince: readyAt,
    idleSince,
  }
}

export interface Obstacles {
  /** By the keys of workloads. */
  readonly holdUps: ReadonlyMap<string, HoldUp>
  /** Why an engine cannot be asked, as part of a sentence; null while it can. */
  readonly awayAt: (engine: string) => string | null
}

/** The thing that those who wait for a slot of a workload wait for. */
export function waitStateOf(
  { key, engines }: Workload,
  pool: Pool,
  { holdUps, awayAt }: Obstacles,
): WaitState {
  const coming = pool
    .of(key)
    .map((one) => one.state())
    .find(({ phase }) => phase !== 'ready' && phase !== 'leaving')
  if (coming) return { kind: 'instance', state: coming }
  const aways = engines.map(awayAt)
  const [away = null] = aways
  if (away !== null && !aways.includes(null)) return { kind: 'engine away', sentence: away }
  const holdUp = holdUps.get(key)
  const logs = pool.failuresOf(key).recent[0]?.logs ?? ''
  return holdUp ? { kind: 'held up', holdUp, logs } : { kind: 'busy' }
}

/** Why a run waits in vain, as a sentence; null when it does not. */
export function vainSentence(holdUp: HoldUp | undefined): string | null {
  if (holdUp?.kind === 'never')
    return 'No container engine of this server has the GPUs that the model needs.'
  return holdUp?.kind === 'no engine' ? 'Its container engine is not configured any more.' : null
}
