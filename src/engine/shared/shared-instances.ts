import type { Change } from '../../changes/changes.ts'
import type { InstanceFailure, InstanceMemory } from '../../domain/instance/state.ts'
import { InstancesAway } from '../../domain/unavailable.ts'
import { sleep } from '../../sleep.ts'
import type { Instances } from '../instances/interface.ts'
import type { Slot, Taken } from '../instances/waiting.ts'
import { createAsking } from './asking.ts'
import { createLeader, type LeaderOptions } from './leader.ts'
import type { Leading, Sharing } from './sharing.ts'
import { createSharedStates } from './states.ts'

export interface SharedInstancesOptions extends Sharing {
  readonly workloads: LeaderOptions['workloads']
  /** Begins to run the containers, where this server is the one that does. */
  readonly start: (leading: Leading) => Instances
}

/** A server that does not run the containers asks again after this time whether it is to, in milliseconds. */
const electMs = 2_000

/**
 * The instances of several servers, of which one runs the containers: it holds a lock, and the others find its answers
 * in the database. When it dies, another one goes on with what runs.
 */
export function createSharedInstances(given: SharedInstancesOptions): Instances {
  const options = { ...given, changes: heardHere(given.changes) }
  const { locks, log } = options
  const closing = new AbortController()
  const states = createSharedStates(options)
  const asking = createAsking(options, closing.signal)
  const leader = createLeader({ ...options, states, closing: closing.signal })
  const electing = elect()

  async function elect(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await locks.alone('containers', leader.lead)
      } catch (error) {
        log.error({ error }, 'The containers of models could not be looked after')
      }
      await sleep(electMs, closing.signal)
    }
  }

  /** A slot that is held until it is released: the request for it lasts as long. */
  function slotOf(id: string, origin: string): Slot {
    return { origin, release: () => asking.end(id) }
  }

  /**
   * Has something done by the server that runs the containers. Resolves with whether there was such a container; rejects
   * with `InstancesAway` when no server answers.
   */
  async function done(kind: 'drain' | 'stop' | 'try again', subject: string): Promise<boolean> {
    const answer = await asking.once(kind, subject, AbortSignal.timeout(doneMs))
    if (answer === null) throw new InstancesAway('No server has answered.')
    return answer === true
  }

  return {
    async take({ key }, signal, waits) {
      const { id, answer } = await asking.ask('slot', key, signal, waits)
      const taken = answer as
        | { readonly kind: 'slot'; readonly origin: string }
        | Extract<Taken, { kind: 'broken' }>
        | null
      if (taken?.kind === 'slot') return { kind: 'slot', slot: slotOf(id, taken.origin) }
      asking.end(id)
      return taken ?? { kind: 'stopped' }
    },
    async takeAt(origin, signal) {
      const { id, answer } = await asking.ask('slot at', origin, signal)
      if (answer === true) return slotOf(id, origin)
      asking.end(id)
      return null
    },
    of: (model) => states.of(model).states,
    failing: (model) => states.of(model).failures,
    failuresOf: (key) => states.of(key.slice(0, key.indexOf('@'))).failures[key] ?? none,
    async memoryOf(name) {
      const signal = AbortSignal.timeout(memoryMs)
      return (await asking.once('memory', name, signal)) as InstanceMemory | null
    },
    drain: (name) => done('drain', name),
    stop: (name) => done('stop', name),
    async tryAgain(model) {
      await done('try again', model)
    },
    changed: leader.changed,
    listen: states.listen,
    async close() {
      closing.abort()
      await electing
      await asking.close()
    },
  }
}

/** What a server tells the others is heard by itself, too: the one that runs the containers may ask itself. */
function heardHere(changes: Sharing['changes']): Sharing['changes'] {
  const listeners = new Set<(change: Change) => void>()
  return {
    tell(change) {
      changes.tell(change)
      for (const listener of listeners) listener(change)
    },
    listen(listener) {
      changes.listen(listener)
      listeners.add(listener)
    },
    onGap: (listener) => changes.onGap(listener),
  }
}

/** How long what somebody waits for may take to be done, in milliseconds. */
const doneMs = 10_000

/** How long the memory of a container may take to be told, in milliseconds. */
const memoryMs = 3_000

const none: readonly InstanceFailure[] = []
