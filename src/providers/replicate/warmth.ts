import { LRUCache } from 'lru-cache'
import { type ModelHealth, nothingToNote, type Warmth } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'

/** The service does not say, but a model that ran a moment ago is still there. */
const warmMs = 2 * 60_000

const mostKnown = 1_000

/** How warm models are, as far as our own runs show. */
export function createWarmth(service: string, now: () => number) {
  /** When each run that waits was asked for, by the name of its model, the first first. */
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
    /** A run is asked for. */
    enter(ref: ModelRef) {
      const name = modelName(ref)
      const waiting = booting.get(name) ?? new Set()
      const own = { at: now() }
      booting.set(name, waiting.add(own))

      function begin(): void {
        waiting.delete(own)
        if (waiting.size === 0 && booting.get(name) === waiting) booting.delete(name)
      }

      return {
        /** The model works on it. */
        began(): void {
          begin()
          ranAt.set(name, now())
        },
        /** It has ended, however. */
        left: begin,
      }
    },
  }
}

function bootingNote(service: string): string {
  return `${service} is starting it. A cold model can take several minutes.`
}
