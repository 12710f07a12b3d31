import type { Phase, PhaseStart, Prediction } from './prediction.ts'

type Times = Pick<Prediction, 'createdAt' | 'startedAt' | 'completedAt'>

/**
 * Milliseconds from when it was created until the model began on it, or until it ended without
 * that: the time in the queue and of the boot and, after a restart, of the attempts before the
 * last. Null while it waits.
 */
export function waitedMs({ createdAt, startedAt, completedAt }: Times): number | null {
  return between(createdAt, startedAt ?? completedAt)
}

/**
 * Milliseconds that the model worked on it, in the last attempt: from its start until it settled.
 * Null while it runs, and when it never began. Where one duration stands alone, it is this one.
 */
export function ranMs({ startedAt, completedAt }: Omit<Times, 'createdAt'>): number | null {
  return startedAt === null ? null : between(startedAt, completedAt)
}

/** Milliseconds from when it was created until it settled: waited and ran. Null until then. */
export function tookMs({ createdAt, completedAt }: Omit<Times, 'startedAt'>): number | null {
  return between(createdAt, completedAt)
}

/** Where a prediction is, as far as its time is concerned. */
export type TimedPhase = Phase | 'running'

/** A part of the time of a prediction. */
export interface TimelinePart {
  readonly phase: TimedPhase
  /** How long it took in all, in milliseconds. */
  readonly ms: number
  /** Whether it goes on. */
  readonly grows: boolean
  /** False while it goes on, and for a pull or a boot that ended only with the prediction. */
  readonly isDone: boolean
}

/** A time in which the phase of a prediction does not change, in milliseconds since it was created. */
export interface Stretch {
  readonly phase: TimedPhase
  readonly from: number
  /** Null while it goes on. */
  readonly to: number | null
}

export type Moments = Times & Pick<Prediction, 'phases'>

/** A run that booted its model. */
export interface ColdStart extends Moments {
  readonly id: string
}

const order = ['queued', 'pulling', 'booting', 'running', 'saving'] as const

/**
 * Where the time of a prediction went, from when it was asked for until it settled; those that took no time are left
 * out. The last goes on until it has settled. After a restart, the attempts before the last count as `queued`.
 */
export function stretchesOf({ createdAt, startedAt, completedAt, phases }: Moments): Stretch[] {
  const starts: readonly (PhaseStart | Running)[] = [
    { phase: 'queued', at: createdAt },
    ...phases.filter(({ phase }) => phase !== 'saving'),
    ...(startedAt === null ? [] : [{ phase: 'running', at: startedAt } as const]),
    ...phases.filter(({ phase }) => phase === 'saving'),
  ]
  const end = completedAt ?? Number.POSITIVE_INFINITY
  const stretches: Stretch[] = []
  let from = createdAt
  for (const [index, { phase }] of starts.entries()) {
    // Where the clock was set back in between, no part is shorter than nothing, and none reaches past the end.
    const next = Math.min(starts[index + 1]?.at ?? end, end)
    const to = Math.max(from, next)
    const grows = to === Number.POSITIVE_INFINITY
    if (to > from)
      stretches.push({ phase, from: from - createdAt, to: grows ? null : to - createdAt })
    from = to
  }
  return stretches
}

/** The same by phase. Of one that goes on, it is how long it took before. */
export function timelineOf(moments: Moments): TimelinePart[] {
  const stretches = stretchesOf(moments)
  const last = stretches.at(-1)
  return order.flatMap((phase) => {
    const own = stretches.filter((one) => one.phase === phase)
    const ms = own.reduce((sum, { from, to }) => sum + (to === null ? 0 : to - from), 0)
    const grows = own.some(({ to }) => to === null)
    const isCutOff = last?.phase === phase && (phase === 'pulling' || phase === 'booting')
    return own.length > 0 ? [{ phase, ms, grows, isDone: !grows && !isCutOff }] : []
  })
}

/** How long one that has not settled has been in its present phase, in milliseconds. */
export function inPhaseMs(moments: Moments, now: number): number {
  const { phase } = stretchesOf(moments).at(-1) ?? {}
  const soFar = timelineOf({ ...moments, completedAt: now })
  return soFar.find((one) => one.phase === phase)?.ms ?? 0
}

/** Whether more is known than how long it waited and ran. */
export function isDetailed(parts: readonly TimelinePart[]): boolean {
  return parts.some(({ phase }) => phase !== 'queued' && phase !== 'running')
}

/** Whether its model was started for it, which is known before it ends. */
export function wasCold({ phases }: Pick<Moments, 'phases'>): boolean {
  return phases.some(({ phase }) => phase === 'pulling' || phase === 'booting')
}

interface Running {
  readonly phase: 'running'
  readonly at: number
}

/** None where the clock was set back in between. */
function between(from: number, to: number | null): number | null {
  return to === null ? null : Math.max(0, to - from)
}
