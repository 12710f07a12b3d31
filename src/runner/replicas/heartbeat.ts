import type { Beat, Owned, Replicas } from '../../store/replicas.ts'
import type { Log } from '../options.ts'

/** In milliseconds. */
export interface ReplicaTiming {
  /** Between two beats. */
  readonly beatMs: number
  /** After its last beat a replica is dead, by the clock of the database. */
  readonly deadMs: number
  /** Without an answer to a beat for this long, a replica gives up what it runs, before others take it over. */
  readonly stalledMs: number
  /** After a beat that failed, nobody is taken for dead for this long: the others could not reach the database either. */
  readonly settleMs: number
  /** A prediction whose model no replica has fails after this. */
  readonly goneMs: number
}

export const usualTiming: ReplicaTiming = {
  beatMs: 2_000,
  deadMs: 10_000,
  stalledMs: 8_000,
  settleMs: 15_000,
  goneMs: 5 * 60_000,
}

interface HeartbeatOptions {
  readonly replicas: Pick<Replicas, 'beat'>
  readonly timing: ReplicaTiming
  readonly log: Log
  describe(): Beat
  /** Called after each beat, with what this replica owns. `isBack`: what it ran was given up before. */
  onBeat(owned: readonly Owned[], isBack: boolean): void
  /** Gives up what runs here. Resolves when nothing does. */
  giveUp(): Promise<void>
}

export type Heartbeat = ReturnType<typeof createHeartbeat>

/** Tells the database that this replica lives, and notices when it cannot. Times are of the monotonic clock. */
export function createHeartbeat(options: HeartbeatOptions) {
  const { replicas, timing, log, describe, onBeat, giveUp } = options
  let timer: NodeJS.Timeout | undefined
  let watch: NodeJS.Timeout | undefined
  let answeredAt = performance.now()
  let failedAt = Number.NEGATIVE_INFINITY
  let beating: Promise<void> | null = null
  let givingUp: Promise<void> | null = null
  let stalled = false
  let stopped = false

  async function beat(): Promise<void> {
    const at = performance.now()
    const owned = await replicas.beat(describe())
    answeredAt = at
    check()
    if (stalled && givingUp) return
    const isBack = stalled
    stalled = false
    if (!stopped) onBeat(owned, isBack)
  }

  /** The process may have been paused, or the database out of reach. */
  function check(): void {
    if (stalled || performance.now() - answeredAt < timing.stalledMs) return
    stalled = true
    log.error({}, 'The database could not be reached for too long: what runs here was given up')
    givingUp = giveUp()
      .catch((error) => log.error({ error }, 'Not all that runs here could be given up'))
      .finally(() => {
        givingUp = null
      })
  }

  async function beatOnce(): Promise<void> {
    clearTimeout(timer)
    try {
      await beat()
    } catch (error) {
      failedAt = performance.now()
      log.error({ error }, 'This replica could not say that it lives')
    }
    if (!stopped) timer = setTimeout(beatSoon, timing.beatMs).unref()
  }

  /** Beats now, or once the beat that is under way has been answered. */
  function beatSoon(): void {
    if (stopped) return
    const next = beating ? beating.then(beatOnce) : beatOnce()
    const current = next.finally(() => {
      if (beating === current) beating = null
    })
    beating = current
  }

  return {
    /** Resolves after the first beat; rejects when it fails. */
    async start(): Promise<void> {
      await beat()
      timer = setTimeout(beatSoon, timing.beatMs).unref()
      watch = setInterval(check, timing.stalledMs / 8).unref()
    },
    beatSoon,
    isStalled: (): boolean => stalled,
    /** Whether the beats of others are known to be no older than they are. */
    isSteady: (): boolean => !stalled && performance.now() - failedAt > timing.settleMs,
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      clearInterval(watch)
      await beating
    },
  }
}
