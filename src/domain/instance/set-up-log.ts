import type { InstanceFailure, InstanceState } from './state.ts'

/** The log of the last set-up of a model. */
export interface SetUpLog {
  /** The engine that it was on; null for a process of this server, and where it has failed. */
  readonly engine: string | null
  readonly text: string
  readonly hasFailed: boolean
}

/** Of an instance that boots, else of the last failure since, else of the one that started last; null for none. */
export function lastSetUpLog(
  instances: readonly InstanceState[],
  failures: readonly InstanceFailure[],
): SetUpLog | null {
  const written = instances
    .filter(({ logs }) => logs !== '')
    .toSorted((a, b) => b.startedAt - a.startedAt)
  const boots = written.find(({ phase }) => phase === 'starting' || phase === 'booting')
  const failed = failures.find(({ logs }) => logs !== '')
  if (!boots && failed) return { engine: null, text: failed.logs, hasFailed: true }
  const shown = boots ?? written[0]
  return shown ? { engine: shown.engine, text: shown.logs, hasFailed: false } : null
}
