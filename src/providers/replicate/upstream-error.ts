/**
 * Why a request failed: it could not be sent (`unreachable`), no response came (`cut`, `slow`), the
 * response cannot be used (`garbled`, `too large`), or its status is an error (`refused`).
 */
export type UpstreamErrorKind = 'unreachable' | 'cut' | 'slow' | 'garbled' | 'too large' | 'refused'

/** A request to the service failed. The message is a sentence for people. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly kind: UpstreamErrorKind
  /** Of the response; null when none came. */
  readonly status: number | null
  /** When to retry, in milliseconds from now; null when the service did not say. */
  readonly retryAfterMs: number | null
  /** The body of the response. */
  readonly raw: string

  constructor(message: string, facts: UpstreamErrorFacts, options?: ErrorOptions) {
    super(message, options)
    this.kind = facts.kind
    this.status = facts.status ?? null
    this.retryAfterMs = facts.retryAfterMs ?? null
    this.raw = facts.raw ?? ''
  }
}

interface UpstreamErrorFacts {
  readonly kind: UpstreamErrorKind
  readonly status?: number
  readonly retryAfterMs?: number | null
  readonly raw?: string
}

/** Whether the request may have taken effect. */
export function mayHaveRun({ kind, status }: UpstreamError): boolean {
  if (kind === 'refused') return status !== null && status >= 500
  return kind !== 'unreachable'
}

/** Whether the request had no effect, and may work when it is retried. */
export function isRetryable({ kind, status }: UpstreamError): boolean {
  return kind === 'unreachable' || status === 429
}

/** The error of a request without a usable response. */
export function connectionError(service: string, error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error
  const code = codeOf(error)
  const facts = { raw: `${code} ${error instanceof Error ? error.message : ''}`.trim() }
  const options = { cause: error }
  if (unsent.has(code)) {
    const sentence = `${service} could not be reached. Try again in a few minutes.`
    return new UpstreamError(sentence, { ...facts, kind: 'unreachable' }, options)
  }
  if (/TIMEOUT|TimeoutError/i.test(code))
    return new UpstreamError(
      `${service} took too long to respond.`,
      { ...facts, kind: 'slow' },
      options,
    )
  return new UpstreamError(
    `The connection to ${service} was cut.`,
    { ...facts, kind: 'cut' },
    options,
  )
}

/** Codes of errors before a connection is made, so that nothing was sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const { cause } = error
  // When several addresses were tried, the first error counts.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  const code = (first as { code?: unknown } | undefined)?.code ?? (error as { code?: unknown }).code
  return typeof code === 'string' ? code : error.name
}
