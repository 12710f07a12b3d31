import { errorCode } from '../domain/error-code.ts'

/** Why a URL was not fetched. */
export type Refused = 'not allowed' | 'not found' | 'refused' | 'timed out' | 'too large' | 'failed'

export class NotFetched extends Error {
  override readonly name = 'NotFetched'
  readonly reason: Refused
  /** Whether a retry may succeed: the connection broke, or the server was overloaded. */
  readonly isTransient: boolean

  constructor(reason: Refused, options: NotFetchedOptions = {}) {
    super(sentences[reason], options)
    this.reason = reason
    this.isTransient = options.isTransient ?? transient.has(reason)
  }
}

const transient: ReadonlySet<Refused> = new Set(['failed'])

interface NotFetchedOptions extends ErrorOptions {
  readonly isTransient?: boolean
}

const sentences: Readonly<Record<Refused, string>> = {
  'not allowed': 'This server is not allowed to fetch that URL.',
  'not found': 'There is no file at that URL.',
  refused: 'The server at that URL refused the request.',
  'timed out': 'The server at that URL took too long to respond.',
  'too large': 'The file at that URL is too large.',
  failed: 'That URL could not be reached.',
}

/** The reason of any error of a request. */
export function toNotFetched(error: unknown): NotFetched {
  if (error instanceof NotFetched) return error
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof NotFetched) return cause
  const code = errorCode(cause) || (error instanceof Error ? error.name : '')
  if (/TIMEOUT|TimeoutError/i.test(code)) return new NotFetched('timed out', { cause: error })
  if (code === 'ECONNREFUSED') return new NotFetched('refused', { cause: error })
  return new NotFetched('failed', { cause: error })
}
