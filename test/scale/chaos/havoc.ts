import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '../../support/eventually.ts'
import type { Replica, Replicas } from '../../support/replicas.ts'

export interface Havoc {
  readonly ms: number
  /** When PostgreSQL is restarted, in milliseconds since the start. */
  readonly restarts: readonly number[]
  readonly restartDatabase: () => Promise<void>
}

/** Kills or pauses another replica each second. One is left alone, so that there is somebody to ask. */
export async function wreak({ replicas }: Replicas, { ms, restarts, restartDatabase }: Havoc) {
  const since = performance.now()
  const done = { kills: 0, pauses: 0, restarts: 0 }
  const hurt = new Map<Replica, Promise<void>>()
  const left = [...restarts]

  for (let turn = 0; performance.now() - since < ms; turn++) {
    if (performance.now() - since > (left[0] ?? Number.POSITIVE_INFINITY)) {
      left.shift()
      await restartDatabase()
      done.restarts++
    }
    const victim = replicas[turn % replicas.length]
    if (victim && !hurt.has(victim) && hurt.size < replicas.length - 1) {
      const isKill = Math.random() < 0.5
      done[isKill ? 'kills' : 'pauses']++
      const healing = isKill ? killed(victim) : paused(victim)
      hurt.set(
        victim,
        healing.finally(() => hurt.delete(victim)),
      )
    }
    await delay(1_000)
  }
  await Promise.all(hurt.values())
  return done
}

async function killed(replica: Replica): Promise<void> {
  await replica.end('SIGKILL')
  // As a supervisor does: it does not start while the database is away.
  await eventually(() => replica.start(false), 60_000)
}

async function paused(replica: Replica): Promise<void> {
  replica.pause()
  await delay(2_000 + Math.random() * 1_000)
  replica.resume()
}
