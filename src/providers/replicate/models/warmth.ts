import { LRUCache } from 'lru-cache'
import { type ModelHealth, nothingToNote, type Warmth } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'

/** The API does not tell, but a model that ran so recently is usually still loaded, in milliseconds. */
const warmMs = 2 * 60_000

const mostKnown = 1_000

export type ModelWarmth = ReturnType<typeof createWarmth>

/** How warm models are, as far as our own runs show. */
export function createWarmth(service: string, now: () => number) {
  /** When each waiting run was created, by the name of its model, the oldest first. */
  const booting = new Map<string, Set<{ readonly at: number }>>()
  const ranAt = new LRUCache<string, number>({ max: mostKnown })

  return {
    of(ref: ModelRef): Warmth {
      const name = modelName(ref)
      if (now() - (ranAt.get(name) ?? -Infinity) < warmMs) return 'warm'
      return booting.has(name) ? 'booting' : 'cold'
    },
    health(ref: ModelRef): ModelHealth {
      const [first] = booting.get(modelName(ref)) ?? []
      if (!first || this.of(ref) !== 'booting') return nothingToNote
      return { since: first.at, note: bootingNote(service), logs: '' }
    },
    /** Tracks a run from its creation. */
    track(ref: ModelRef) {
      const name = modelName(ref)
      const waiting = booting.get(name) ?? new Set()
      const own = { at: now() }
      booting.set(name, waiting.add(own))

      function stopWaiting(): void {
        waiting.delete(own)
        if (waiting.size === 0 && booting.get(name) === waiting) booting.delete(name)
      }

      return {
        started(): void {
          stopWaiting()
          ranAt.set(name, now())
        },
        ended: stopWaiting,
      }
    },
  }
}

function bootingNote(service: string): string {
  return `${service} is starting it. A cold model can take several minutes.`
}
