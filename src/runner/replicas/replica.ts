import type { Changes } from '../../changes/changes.ts'
import { parseModelRef } from '../../domain/model-ref.ts'
import type { Beat, LocalModel, Owned, Replicas } from '../../store/replicas.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunnerOptions } from '../options.ts'
import type { Cancellation } from '../queue/cancellation.ts'
import type { Scheduler } from '../queue/scheduler.ts'
import { createHeartbeat, usualTiming } from './heartbeat.ts'
import type { Sharing } from './sharing.ts'
import { createSweep } from './sweep.ts'

interface ReplicaOptions extends Pick<RunnerOptions, 'log' | 'queue' | 'timing' | 'hostName'> {
  readonly replicas: Replicas
  readonly changes: Changes
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly scheduler: Scheduler
  readonly cancellation: Cancellation
  readonly sharing: Sharing
  takeUp(owned: Owned): Promise<void>
  failWithoutModel(id: string): Promise<void>
}

export type Replica = ReturnType<typeof createReplica>

/** After this many beats, what this replica owns and does not run was claimed without its knowledge. */
const strayBeats = 5

/** This server among those that share its database: it says that it lives, and does what those that died left. */
export function createReplica(options: ReplicaOptions) {
  const { replicas, changes, journal, catalogue, scheduler, sharing, log, takeUp } = options
  const timing = { ...usualTiming, ...options.timing }
  const heartbeat = createHeartbeat({ ...options, timing, describe, onBeat, giveUp })
  const sweep = createSweep({ ...options, end: options.cancellation.end, goneMs: timing.goneMs })
  const strays = new Map<string, number>()
  let models: readonly LocalModel[] = []
  let working: Promise<void> | null = null

  changes.listen((change) => {
    if (change.type === 'end') heartbeat.beatSoon()
    if (change.type === 'queue') startHeard(change.model)
  })
  changes.onGap(heartbeat.beatSoon)

  function onError(error: unknown): void {
    log.error({ error }, 'What other replicas left could not be taken up')
  }

  /** Where copies are counted over all replicas, whoever told of it has claimed what there is room for. */
  function startHeard(name: string): void {
    const ref = parseModelRef(name)
    if (ref && models.some((one) => one.name === name)) scheduler.startMore(ref)
  }

  function describe(): Beat {
    return { name: options.hostName, models, isDraining: scheduler.isStopping() }
  }

  function onBeat(owned: readonly Owned[], isBack: boolean): void {
    for (const { id, ending } of owned) if (ending) scheduler.stopRun(id, ending)
    const left = strayAmong(owned, isBack ? 1 : strayBeats)
    working ??= work(left).finally(() => {
      working = null
    })
  }

  /** What this replica owns and has not held for so many beats. */
  function strayAmong(owned: readonly Owned[], beats: number): readonly Owned[] {
    const absent = owned.filter(({ id }) => !journal.holds(id) && !scheduler.isUnderWay(id))
    const counts = absent.map(({ id }) => [id, (strays.get(id) ?? 0) + 1] as const)
    strays.clear()
    for (const [id, count] of counts) strays.set(id, count)
    return absent.filter(({ id }) => (strays.get(id) ?? 0) >= beats)
  }

  async function work(left: readonly Owned[]): Promise<void> {
    try {
      models = await catalogue.localModels()
      sharing.know(await replicas.live())
      await Promise.all(left.map(takeUp))
      if (!scheduler.isStopping()) await sweep(heartbeat.isSteady())
    } catch (error) {
      onError(error)
    }
  }

  function giveUp(): Promise<void> {
    journal.dropAll()
    return scheduler.loseRuns()
  }

  return {
    /** Joins the replicas. Rejects when the database cannot be reached. */
    async join(): Promise<void> {
      await heartbeat.start()
    },
    /** Says that this replica takes no more. */
    drain: heartbeat.beatSoon,
    /** Leaves what is still owned to the others. */
    async leave(): Promise<void> {
      await heartbeat.stop()
      await working
      await replicas.leave()
    },
    isStalled: heartbeat.isStalled,
  }
}
