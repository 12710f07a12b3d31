import type { ChosenRoute } from './callback-routes.ts'

/**
 * The `remote` of a run: its URL at the container, and after `#` the local address of this server when the
 * container posts the end there. That address is of one server, and ends with it.
 */
export function remoteOf(url: string, route: ChosenRoute | null): string {
  return route?.kind === 'local' ? `${url}#${originOf(route)}` : url
}

/** In a `remote` of an earlier version, in place of a local address. */
const unnamed = 'own'

/** The URL of a run at its container, and whether the container posts its end to a route. */
export function readRemote(remote: string) {
  const [url = '', local] = remote.split('#')
  return {
    url,
    isPostedTo(route: ChosenRoute | null): boolean {
      if (local === undefined) return route?.kind === 'configured'
      return route?.kind === 'local' && [unnamed, originOf(route)].includes(local)
    },
  }
}

function originOf({ callbackUrl }: ChosenRoute): string {
  return new URL(callbackUrl).origin
}
