/** A request to an upstream failed. The message is part of a sentence; the cause is the raw error. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  /** Whether the upstream may have received the request, and work on it. */
  readonly sent: boolean
  /** Whether it timed out. */
  readonly late: boolean
  /** Whether the connection was refused. */
  readonly refused: boolean
  /** Whether the response is larger than is read. */
  readonly large: boolean

  constructor(reason: string, sent: boolean, options: RequestErrorOptions = {}) {
    super(reason, options)
    this.sent = sent
    this.late = options.late ?? false
    this.refused = options.refused ?? false
    this.large = options.large ?? false
  }
}

interface RequestErrorOptions extends ErrorOptions {
  readonly late?: boolean
  readonly refused?: boolean
  readonly large?: boolean
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its host name does not exist',
  EAI_AGAIN: 'its host name could not be resolved',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the host is unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'the connection took too long',
}

/** An error of a request as one that says why. */
export function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  const { code = '', name = '' } = error as { code?: string; name?: string }
  const unsent = reasons[code]
  if (unsent !== undefined)
    return new RequestError(unsent, false, { cause: error, refused: code === 'ECONNREFUSED' })
  const late = /TIMEOUT|TimeoutError/i.test(`${code} ${name}`)
  const reason = late ? 'it took too long to respond' : 'the connection was cut'
  return new RequestError(reason, true, { cause: error, late })
}
