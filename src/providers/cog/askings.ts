import { within } from '../../sleep.ts'

/** What came of asking: its end, or how far it is. `full`: too much is asked for at once. */
export type Asked<Result, State> =
  | { readonly kind: 'over'; readonly result: Result }
  | { readonly kind: 'pending'; readonly since: number; readonly state: State | null }
  | { readonly kind: 'full' }

interface Asking<Result, State> {
  readonly since: number
  readonly over: Promise<void>
  state: State | null
  end: { readonly at: number; readonly result: Result } | null
}

/** Work that answers an operator and may take minutes. It goes on while nobody waits for it. */
export type Ask<Result, State> = (
  signal: AbortSignal,
  told: (state: State) => void,
) => Promise<Result>

/** What is asked for at once, and how long an answer is kept, in milliseconds, for the request that saves it. */
const mostAskings = 4
const keptMs = 30 * 60_000

/**
 * Questions that take longer than a request may: it waits a while, and the next one for the same key goes on where it
 * was.
 */
export function createAskings<Result, State>(now: () => number) {
  const askings = new Map<string, Asking<Result, State>>()
  const closing = new AbortController()

  function begin(key: string, ask: Ask<Result, State>): Asking<Result, State> {
    const over = Promise.withResolvers<void>()
    const asking: Asking<Result, State> = {
      since: now(),
      over: over.promise,
      state: null,
      end: null,
    }
    askings.set(key, asking)
    void ask(closing.signal, (state) => {
      asking.state = state
    })
      .then((result) => {
        asking.end = { at: now(), result }
      })
      // A bug of ours: the next request asks again.
      .catch(() => askings.delete(key))
      .finally(over.resolve)
    return asking
  }

  function forgetOld(): void {
    for (const [key, { end }] of askings) if (end && now() - end.at > keptMs) askings.delete(key)
  }

  return {
    /** Waits for `waitMs` at most. `ask` is called when nothing is known for the key. */
    async ask(key: string, waitMs: number, ask: Ask<Result, State>): Promise<Asked<Result, State>> {
      forgetOld()
      const running = [...askings.values()].filter(({ end }) => end === null).length
      if (!askings.has(key) && running >= mostAskings) return { kind: 'full' }
      const asking = askings.get(key) ?? begin(key, ask)
      await within(waitMs, asking.over)
      const { end, since, state } = asking
      return end ? { kind: 'over', result: end.result } : { kind: 'pending', since, state }
    },
    /** The answer that is kept for a key; null when there is none. */
    known: (key: string): Result | null => askings.get(key)?.end?.result ?? null,
    /** Whether something is asked for this key right now. */
    isAsking: (key: string): boolean => askings.get(key)?.end === null,
    /** Asks anew with the next request. */
    forget: (key: string): void => void askings.delete(key),
    /** Ends everything; resolves when it has ended. */
    async close(): Promise<void> {
      closing.abort()
      await Promise.all([...askings.values()].map(({ over }) => over))
    },
  }
}
