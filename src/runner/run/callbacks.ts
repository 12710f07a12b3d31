import type { StoredFile } from '../../domain/file/file.ts'
import { isSettled } from '../../domain/prediction/prediction.ts'
import type { StoredContent } from '../../files/files.ts'
import type { Callback, Provider, Received } from '../../providers/provider.ts'
import type { RunnerOptions } from '../options.ts'

export type Callbacks = ReturnType<typeof createCallbacks>

interface Open {
  readonly id: string
  readonly provider: Provider
}

/**
 * The URLs at which upstreams report on a run and fetch its input files. Each is open while one attempt
 * of a run is under way, at every replica: their tokens say which run they are of.
 */
export function createCallbacks(options: RunnerOptions) {
  const { callbackUrl, callbackFileUrl, ownCallbackUrl, ownFileUrl } = options
  const { callbackToken, readCallbackToken, readFileContent } = options
  const { store, providers, changes, replicas } = options
  const open = new Map<string, Open>()
  const ownFileUrlOf = (token: string) => (file: StoredFile) => ownFileUrl?.(token, file) ?? null

  changes.listen((change) => {
    if (change.type !== 'callback') return
    for (const { id, provider } of open.values())
      if (id === change.id) provider.elsewhere?.told(id, change.text)
  })

  /** The run of a token that is under way at another replica. */
  async function runElsewhere(token: string): Promise<Open | null> {
    const named = replicas && readCallbackToken(token)
    const prediction = named && (await store.find(named.id))
    if (!prediction || isSettled(prediction) || prediction.attempt !== named.attempt) return null
    const provider = providers.find(({ name }) => name === prediction.provider)
    return provider ? { id: named.id, provider } : null
  }

  const find = async (token: string) => open.get(token) ?? (await runElsewhere(token))

  /** Passes on to the replica of the run what it has to know. */
  async function receiveElsewhere({ id, provider }: Open, callback: Callback): Promise<Received> {
    if (!provider.elsewhere) return 'unknown'
    const { received, text } = await provider.elsewhere.receive(callback)
    if (received === 'taken' && text !== null) changes.tell({ type: 'callback', id, text })
    return received
  }

  return {
    /** Opens the URLs of an attempt, until `close` is called. */
    open(id: string, attempt: number, provider: Provider) {
      if (!provider.receive) return noUrls
      const token = callbackToken(id, attempt)
      open.set(token, { id, provider })
      const ownUrl = ownCallbackUrl?.(provider.name, token) ?? null
      return {
        callbackUrl: callbackUrl?.(provider.name, token) ?? null,
        fileUrl: (file: StoredFile) => callbackFileUrl?.(token, file) ?? null,
        localRoute: ownUrl === null ? null : { callbackUrl: ownUrl, fileUrl: ownFileUrlOf(token) },
        close: () => void open.delete(token),
      }
    },
    /** Whether the callback URL with this token is open. */
    expects: async (provider: string, token: string): Promise<boolean> =>
      (await find(token))?.provider.name === provider,
    /** A file of the run with this token, by the signed text of its URL; null when either is unknown. */
    async file(token: string, text: string): Promise<StoredContent | null> {
      const content = readFileContent(token, text)
      return content && (await find(token)) ? content : null
    },
    /** Passes a callback to the provider of its run. */
    async receive(provider: string, token: string, callback: Callback): Promise<Received> {
      const here = open.get(token)
      const found = here ?? (await runElsewhere(token))
      if (found?.provider.name !== provider) return 'unknown'
      if (!here) return receiveElsewhere(found, callback)
      return here.provider.receive?.(here.id, callback) ?? 'unknown'
    },
  }
}

const noUrls = { callbackUrl: null, fileUrl: () => null, localRoute: null, close() {} }
