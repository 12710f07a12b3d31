import { setTimeout as delay } from 'node:timers/promises'
import type { Model } from '../../domain/model/model.ts'
import type { Log } from '../options.ts'
import type { Execute } from '../run/executor.ts'
import type { StopReason } from '../run/run-end.ts'

interface WorkersOptions {
  readonly execute: Execute
  readonly log: Log
  /** Called after each run. A run counts as stopped once this has resolved; it must not reject. */
  finished(id: string, model: Model): Promise<void>
}

/** The runs under way in this process. */
export function createWorkers({ execute, log, finished }: WorkersOptions) {
  const runs = new Map<string, { stop(reason: StopReason): void; readonly done: Promise<void> }>()

  return {
    isBusy: () => runs.size > 0,
    start(id: string, model: Model): void {
      const controller = new AbortController()
      const done = execute(id, model, controller)
        .catch((error) => log.error({ error, prediction: id }, 'A run failed in an unforeseen way'))
        .then(() => {
          runs.delete(id)
          return finished(id, model)
        })
      runs.set(id, { stop: (reason) => controller.abort(reason), done })
    },
    /** Stops a run and resolves when it has ended; null when it is not under way here. */
    stop(id: string, reason: StopReason): Promise<void> | null {
      const run = runs.get(id)
      run?.stop(reason)
      return run?.done ?? null
    },
    /** Gives all runs `graceMs` to end, stops the rest, and resolves when all have ended. */
    async stopAll(graceMs: number): Promise<void> {
      const ended = Promise.all([...runs.values()].map(({ done }) => done))
      await Promise.race([ended, delay(graceMs, undefined, { ref: false })])
      for (const { stop } of runs.values()) stop('stopped')
      await ended
    },
  }
}
