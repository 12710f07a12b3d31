import type { CallbackRoute, Run } from '../../provider.ts'
import type { Container } from '../containers/container.ts'

/** `local`: our own address on this machine. `configured`: the one of `SANDPIT_CALLBACK_URL`. */
export type RouteKind = 'local' | 'configured'

export interface ChosenRoute extends CallbackRoute {
  readonly kind: RouteKind
  /** Whether the container has used it since its start. */
  readonly proven: boolean
}

/**
 * The route by which a container is asked to post updates and fetch files: the local one for a
 * container on this machine, else the configured one; null when there is none that reaches us.
 */
export function chooseCallbackRoute(container: Container, run: Run): ChosenRoute | null {
  const { callbackUrl, fileUrl, localRoute = null } = run
  const configured = callbackUrl === null ? null : { callbackUrl, fileUrl }
  const routes: readonly (readonly [RouteKind, CallbackRoute | null])[] = [
    ['local', isOnThisMachine(container.origin) ? localRoute : null],
    ['configured', configured],
  ]
  for (const [kind, route] of routes) {
    const reaches = container.reachesUs(kind)
    if (route && reaches !== false) return { ...route, kind, proven: reaches === true }
  }
  return null
}

function isOnThisMachine(origin: string): boolean {
  const { hostname } = new URL(origin)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/** The advice when a container reaches us by no route. */
export const noRouteSentence =
  'Set SANDPIT_CALLBACK_URL to an address at which the container reaches this server to see what it makes while it runs.'
