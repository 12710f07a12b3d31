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

/** A part of the time of a prediction. */
export interface TimelinePart {
  readonly phase: Phase | 'running'
  /** How long it took in all, in milliseconds: more than 0. */
  readonly ms: number
}

export type Moments = Times & Pick<Prediction, 'phases'>

/** A run that booted its model. */
export interface ColdStart extends Moments {
  readonly id: string
}

const order = ['queued', 'pulling', 'booting', 'running', 'saving'] as const

/**
 * Where the time of a prediction went, from when it was asked for until it settled; the parts add up to that. After a
 * restart, the attempts before the last count as `queued`. Empty until it has settled.
 */
export function timelineOf({ createdAt, startedAt, completedAt, phases }: Moments): TimelinePart[] {
  if (completedAt === null) return []
  const started = startedAt ?? completedAt
  const starts: readonly (PhaseStart | Running)[] = [
    { phase: 'queued', at: createdAt },
    ...phases.filter(({ phase }) => phase !== 'saving'),
    ...(startedAt === null ? [] : [{ phase: 'running', at: started } as const]),
    ...phases.filter(({ phase }) => phase === 'saving'),
  ]
  const took = new Map<TimelinePart['phase'], number>()
  let from = createdAt
  for (const [index, { phase }] of starts.entries()) {
    // Where the clock was set back in between, no part is shorter than nothing, and none reaches past the end.
    const next = Math.min(starts[index + 1]?.at ?? completedAt, completedAt)
    const to = Math.max(from, next)
    took.set(phase, (took.get(phase) ?? 0) + to - from)
    from = to
  }
  return order.flatMap((phase) => {
    const ms = took.get(phase) ?? 0
    return ms > 0 ? [{ phase, ms }] : []
  })
}

/** Whether more is known than how long it waited and ran. */
export function isDetailed(parts: readonly TimelinePart[]): boolean {
  return parts.some(({ phase }) => phase !== 'queued' && phase !== 'running')
}

interface Running {
  readonly phase: 'running'
  readonly at: number
}

/** None where the clock was set back in between. */
function between(from: number, to: number | null): number | null {
  return to === null ? null : Math.max(0, to - from)
}
