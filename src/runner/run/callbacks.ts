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
 * The URLs at which upstreams report on a run and fetch its input files. Each is open while one attempt
 * of a run is under way.
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
    /** Opens the URLs of an attempt, until `close` is called. */
    open(id: string, attempt: number, provider: Provider, files: readonly StoredFile[]) {
      if (!provider.receive) return noUrls
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
    /** Whether the callback URL with this token is open. */
    expects: (provider: string, token: string) => open.get(token)?.provider.name === provider,
    /** A file of the run with this token; null when the token or the file is unknown. */
    file: (token: string, ref: string): StoredFile | null =>
      open.get(token)?.files.find((file) => file.ref === ref) ?? null,
    /** Passes a callback to the provider of its run. Tokens cannot be guessed, so a plain look-up is safe. */
    async receive(provider: string, token: string, callback: Callback): Promise<Received> {
      const found = open.get(token)
      if (found?.provider.name !== provider) return 'unknown'
      return found.provider.receive?.(found.id, callback) ?? 'unknown'
    },
  }
}

const noUrls = { callbackUrl: null, fileUrl: () => null, localRoute: null, close() {} }
