import type { Deps } from '../../deps.ts'

/** A signal that aborts with the given one, and when this server drains: its client then asks another replica. */
export function untilDrained({ draining }: Pick<Deps, 'draining'>, signal: AbortSignal) {
  return draining ? AbortSignal.any([signal, draining]) : signal
}
