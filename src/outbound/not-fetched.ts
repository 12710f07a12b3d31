/** Why an address was not fetched, in few words. */
export type Refused = 'not allowed' | 'not found' | 'refused' | 'timed out' | 'too large' | 'failed'

export class NotFetched extends Error {
  override readonly name = 'NotFetched'
  readonly reason: Refused
  /** Whether the same may well work in a moment: the connection broke, or the server was overloaded. */
  readonly passing: boolean

  constructor(reason: Refused, options: NotFetchedOptions = {}) {
    super(sentences[reason], options)
    this.reason = reason
    this.passing = options.passing ?? passing.has(reason)
  }
}

const passing: ReadonlySet<Refused> = new Set(['failed'])

interface NotFetchedOptions extends ErrorOptions {
  readonly passing?: boolean
}

const sentences: Readonly<Record<Refused, string>> = {
  'not allowed': 'This server is not allowed to fetch that URL.',
  'not found': 'There is no file at that URL.',
  refused: 'The server at that URL refused the request.',
  'timed out': 'The server at that URL took too long to respond.',
  'too large': 'The file at that URL is too large.',
  failed: 'That URL could not be reached.',
}

/** Any fault of a request, as the reason that it was not fetched. */
export function told(error: unknown): NotFetched {
  if (error instanceof NotFetched) return error
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof NotFetched) return cause
  const code = (cause as { code?: string } | undefined)?.code ?? (error as Error).name
  if (/TIMEOUT|TimeoutError/i.test(code)) return new NotFetched('timed out', { cause: error })
  if (code === 'ECONNREFUSED') return new NotFetched('refused', { cause: error })
  return new NotFetched('failed', { cause: error })
}
