import type { Context } from 'hono'
import { LRUCache } from 'lru-cache'
import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import { isId } from '../../domain/id.ts'
import type { AuditEntry } from '../../domain/people/audit.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { may, oversees, type PredictionAction, shownTo } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { KeptFile } from '../../store/store.ts'
import { findAllowedFile, modelOfCover } from '../files/find-file.ts'
import { auditEntry, predictionEntry } from '../request/audit.ts'

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
 * The prediction with this id, as the viewer may see it; null when there is none, or they may not do
 * this to it. When they may only because they oversee what is private to others, the audit log has it
 * before they see it.
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
  if (oversees(viewer, thing))
    await keepLook(deps, viewer, predictionEntry(c, deps, 'looked at', prediction))
  return shownTo(viewer, prediction)
}

/**
 * The stored file of a reference, by the same rule. A file of a prediction is a look at that one, and a cover
 * is none: all who see the model see it.
 */
export async function findSeenFile(
  c: Context,
  deps: Deps,
  viewer: Viewer,
  ref: string,
): Promise<StoredFile | null> {
  const found = await findAllowedFile(ref, deps, viewer)
  if (found && overseesFile(deps, viewer, found))
    await keepLook(deps, viewer, fileEntry(c, deps, found))
  return found?.file ?? null
}

function overseesFile(deps: Deps, viewer: Viewer, { file, account, of }: KeptFile): boolean {
  if (!oversees(viewer, { file: { account } })) return false
  if (of) return oversees(viewer, { prediction: of, of: deps.runner.modelSubject(of.model) })
  return modelOfCover(deps, file.ref) === null
}

function fileEntry(c: Context, deps: Deps, { file, account, prediction, of }: KeptFile) {
  if (prediction !== null && of)
    return predictionEntry(c, deps, 'looked at', { id: prediction, account: of.account })
  return auditEntry(c, deps, 'looked at', `files/${file.ref}`, { subjectOwner: account })
}

async function keepLook({ looks, store, now }: Deps, viewer: Viewer, entry: AuditEntry) {
  const key = `${viewer.id} ${entry.subject}`
  if (!looks.isNew(key, now())) return
  try {
    await store.addEntry(entry)
  } catch (error) {
    looks.forget(key)
    throw error
  }
}
