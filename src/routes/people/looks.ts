import type { Context } from 'hono'
import { LRUCache } from 'lru-cache'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { may, oversees, type PredictionAction } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { predictionEntry } from '../request/audit.ts'

/** How long a look is one with those before it, in milliseconds. */
const oneLookMs = 60 * 60_000
const mostRemembered = 10_000

export type Looks = ReturnType<typeof createLooks>

/** The looks of operators at what is private to others, in the last hour. */
export function createLooks() {
  const lastAt = new LRUCache<string, number>({ max: mostRemembered })
  return {
    /** Whether this is not one with a look before; remembers it. */
    isNew(key: string, at: number): boolean {
      const before = lastAt.get(key)
      if (before !== undefined && at - before < oneLookMs) return false
      lastAt.set(key, at)
      return true
    },
    forget: (key: string): void => void lastAt.delete(key),
  }
}

/**
 * The prediction with this id; null when there is none, or the viewer may not do this to it. When they
 * may only because they oversee what is private to others, the audit log has it before they see it.
 */
export async function findAllowed(
  c: Context,
  deps: Deps,
  viewer: Viewer,
  id: string,
  action: PredictionAction = 'see',
): Promise<Prediction | null> {
  const prediction = isId(id) ? await deps.runner.find(id) : null
  if (!prediction) return null
  const thing = { prediction, of: deps.runner.modelSubject(prediction.model) }
  if (!may(viewer, action, thing)) return null
  if (oversees(viewer, thing)) await keepLook(c, deps, viewer, prediction)
  return prediction
}

async function keepLook(c: Context, deps: Deps, viewer: Viewer, prediction: Prediction) {
  const { looks, store } = deps
  const key = `${viewer.id} ${prediction.id}`
  if (!looks.isNew(key, deps.now())) return
  try {
    await store.addEntry(predictionEntry(c, deps, 'looked at', prediction))
  } catch (error) {
    looks.forget(key)
    throw error
  }
}
