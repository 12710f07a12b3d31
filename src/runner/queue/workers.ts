import { setTimeout as delay } from 'node:timers/promises'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, sameModel } from '../../domain/model-ref.ts'
import type { Log } from '../options.ts'
import type { Execute } from '../run/executor.ts'
import type { StopReason } from '../run/run-end.ts'

interface WorkersOptions {
  readonly execute: Execute
  readonly log: Log
  /**
   * Called after each run; `isLost`: another replica has taken it over. A run counts as stopped once this
   * has resolved; it must not reject.
   */
  finished(id: string, model: Model, isLost: boolean): Promise<void>
}

interface UnderWay {
  readonly model: ModelRef
  stop(reason: StopReason): void
  /** Stops it where it can be followed on by another. */
  lose(): void
  readonly done: Promise<void>
}

/** The runs under way in this process. */
export function createWorkers({ execute, log, finished }: WorkersOptions) {
  const runs = new Map<string, UnderWay>()

  return {
    start(id: string, model: Model): void {
      const controller = new AbortController()
      let isLost = false
      const done = execute(id, model, controller)
        .catch((error) => log.error({ error, prediction: id }, 'A run failed in an unforeseen way'))
        .then(() => {
          runs.delete(id)
          return finished(id, model, isLost)
        })
      runs.set(id, {
        model: model.ref,
        stop: (reason) => controller.abort(reason),
        lose() {
          isLost = true
          controller.abort('stopped' satisfies StopReason)
        },
        done,
      })
    },
    has: (id: string): boolean => runs.has(id),
    /** The ids of those of a model. */
    of: (ref: ModelRef): readonly string[] =>
      [...runs].flatMap(([id, { model }]) => (sameModel(model, ref) ? [id] : [])),
    /** Stops a run and resolves when it has ended; null when it is not under way here. */
    stop(id: string, reason: StopReason): Promise<void> | null {
      const run = runs.get(id)
      run?.stop(reason)
      return run?.done ?? null
    },
    /** Stops a run that another replica has taken over. Resolves when it has ended. */
    async lose(id: string): Promise<void> {
      const run = runs.get(id)
      run?.lose()
      await run?.done
    },
    /** Stops all runs, which others take over. Resolves when they have ended. */
    async loseAll(): Promise<void> {
      for (const { lose } of runs.values()) lose()
      await Promise.all([...runs.values()].map(({ done }) => done))
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
