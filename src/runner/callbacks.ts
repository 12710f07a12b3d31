import type { Callback, Provider, Received } from '../providers/provider.ts'
import type { RunnerOptions } from './options.ts'

export type Callbacks = ReturnType<typeof createCallbacks>

/** The addresses under which upstreams report, each for one attempt of a run that is under way. */
export function createCallbacks({
  callbackUrl,
  callbackToken,
}: Pick<RunnerOptions, 'callbackUrl' | 'callbackToken'>) {
  const open = new Map<string, { readonly id: string; readonly provider: Provider }>()

  return {
    /** Opens the address for an attempt, until `close` is called. */
    open(id: string, attempt: number, provider: Provider) {
      const token = callbackToken(id, attempt)
      open.set(token, { id, provider })
      return {
        url: callbackUrl?.(provider.name, token) ?? null,
        close: () => void open.delete(token),
      }
    },
    /** Whether an address is open. */
    expects: (provider: string, token: string) => open.get(token)?.provider.name === provider,
    /** Hands on what came to an address. Tokens cannot be guessed, so a token is found or is not. */
    async receive(provider: string, token: string, callback: Callback): Promise<Received> {
      const found = open.get(token)
      if (found?.provider.name !== provider) return 'unknown'
      return found.provider.receive(found.id, callback)
    },
  }
}
