import { type ModelRef, modelName, type Warmth } from '../../domain/model.ts'

/** The service does not say, but a model that ran a moment ago is still there. */
const warmMs = 2 * 60_000

const mostKnown = 1_000

/** How warm models are, as far as our own runs show. */
export function createWarmth(now: () => number) {
  const booting = new Map<string, number>()
  const ranAt = new Map<string, number>()

  return {
    of(ref: ModelRef): Warmth {
      const name = modelName(ref)
      if (now() - (ranAt.get(name) ?? -Infinity) < warmMs) return 'warm'
      return (booting.get(name) ?? 0) > 0 ? 'booting' : 'cold'
    },
    /** A run is asked for. */
    enter(ref: ModelRef) {
      const name = modelName(ref)
      let waits = true
      booting.set(name, (booting.get(name) ?? 0) + 1)

      function begin(): void {
        if (!waits) return
        waits = false
        const left = (booting.get(name) ?? 1) - 1
        if (left > 0) booting.set(name, left)
        else booting.delete(name)
      }

      return {
        /** The model works on it. */
        began(): void {
          begin()
          ranAt.delete(name)
          ranAt.set(name, now())
          const [oldest] = ranAt.keys()
          if (ranAt.size > mostKnown && oldest !== undefined) ranAt.delete(oldest)
        },
        /** It has ended, however. */
        left: begin,
      }
    },
  }
}
