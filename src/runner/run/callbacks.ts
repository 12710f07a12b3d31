import type { StoredFile } from '../../domain/file/file.ts'
import type { Callback, Provider, Received } from '../../providers/provider.ts'
import type { RunnerOptions } from '../options.ts'

export type Callbacks = ReturnType<typeof createCallbacks>

interface Open {
  readonly id: string
  readonly provider: Provider
  readonly files: readonly StoredFile[]
}

/**
 * The addresses under which upstreams report and fetch what they were given, each for one attempt
 * of a run that is under way.
 */
export function createCallbacks({
  callbackUrl,
  callbackFileUrl,
  callbackToken,
  ownCallbackUrl,
  ownFileUrl,
}: Pick<
  RunnerOptions,
  'callbackUrl' | 'callbackFileUrl' | 'callbackToken' | 'ownCallbackUrl' | 'ownFileUrl'
>) {
  const open = new Map<string, Open>()
  const ownFileUrlOf = (token: string) => (file: StoredFile) => ownFileUrl?.(token, file) ?? null

  return {
    /** Opens the addresses of an attempt and its files, until `close` is called. */
    open(id: string, attempt: number, provider: Provider, files: readonly StoredFile[]) {
      const token = callbackToken(id, attempt)
      open.set(token, { id, provider, files })
      const ownUrl = ownCallbackUrl?.(provider.name, token) ?? null
      return {
        callbackUrl: callbackUrl?.(provider.name, token) ?? null,
        fileUrl: (file: StoredFile) => callbackFileUrl?.(token, file) ?? null,
        localRoute: ownUrl === null ? null : { callbackUrl: ownUrl, fileUrl: ownFileUrlOf(token) },
        close: () => void open.delete(token),
      }
    },
    /** Whether an address is open. */
    expects: (provider: string, token: string) => open.get(token)?.provider.name === provider,
    /** A file of a run that is under way; null for any other. */
    file: (token: string, ref: string): StoredFile | null =>
      open.get(token)?.files.find((file) => file.ref === ref) ?? null,
    /** Hands on what came to an address. Tokens cannot be guessed, so a token is found or is not. */
    async receive(provider: string, token: string, callback: Callback): Promise<Received> {
      const found = open.get(token)
      if (found?.provider.name !== provider) return 'unknown'
      return found.provider.receive(found.id, callback)
    },
  }
}
