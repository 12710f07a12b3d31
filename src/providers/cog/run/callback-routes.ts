import type { Run, Way } from '../../provider.ts'
import type { Container } from '../containers/container.ts'

/** By which a container may reach us: our own address on this machine, or the one that was set. */
export type WayKind = 'own' | 'given'

export interface ChosenWay extends Way {
  readonly kind: WayKind
  /** Whether the container has used it since its start. */
  readonly works: boolean
}

/**
 * The way by which a container is asked to report, and to fetch its files: our own address when it is
 * on this machine, else the one that was set; null when neither is there, or reaches us.
 */
export function wayFrom(container: Container, run: Run): ChosenWay | null {
  const { callbackUrl, fileUrl, ownWay = null } = run
  const given = callbackUrl === null ? null : { callbackUrl, fileUrl }
  const ways: readonly (readonly [WayKind, Way | null])[] = [
    ['own', isOnThisMachine(container.origin) ? ownWay : null],
    ['given', given],
  ]
  for (const [kind, way] of ways) {
    const heard = container.heardBy(kind)
    if (way && heard !== false) return { ...way, kind, works: heard === true }
  }
  return null
}

function isOnThisMachine(origin: string): boolean {
  const { hostname } = new URL(origin)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/** What to do where a container reaches us by no way. */
export const unreachedSentence =
  'Set SANDPIT_CALLBACK_URL to an address at which the container reaches this server to see what it makes while it runs.'
