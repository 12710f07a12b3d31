import { hasRole, hasScope, type Scope, type Viewer } from '../../domain/people/viewer.ts'
import type { Problem } from './problem.ts'

/** Paths at which a request that changes something creates, cancels or uploads. */
const ofRuns = /^\/v1\/(?:predictions|files|trainings)(?:\/|$)|\/predictions$/

/** Reading it lets somebody forge the webhooks of an account. */
const secretPath = '/v1/webhooks/default/secret'

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY'])

/** The scope that a request needs. `run` and `operate` include `read`. */
export function scopeOf(method: string, path: string): Exclude<Scope, 'metrics'> {
  if (reading.has(method)) return path === secretPath ? 'run' : 'read'
  return ofRuns.test(path) ? 'run' : 'operate'
}

/** Why a viewer may not send a request of this scope at all; null when they may. */
export function lacking(viewer: Viewer, scope: Exclude<Scope, 'metrics'>): Problem | null {
  const isIncluded = scope === 'read' && (hasScope(viewer, 'run') || hasScope(viewer, 'operate'))
  if (!hasScope(viewer, scope) && !isIncluded)
    return forbidden(`This token lacks the scope ${scope}. Make one that has it at /account.`)
  if (scope !== 'read' && !hasRole(viewer, 'member'))
    return forbidden('Your role here is viewer: it may see things, and change and run nothing.')
  return null
}

function forbidden(detail: string): Problem {
  return { title: 'Forbidden', status: 403, detail }
}
