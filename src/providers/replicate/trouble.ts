import { z } from 'zod'

/**
 * What went wrong with a request: it could not be sent (`unreachable`), no answer came (`cut`,
 * `slow`), one came that cannot be used (`garbled`, `too large`), or it was refused with a status.
 */
export type TroubleKind = 'unreachable' | 'cut' | 'slow' | 'garbled' | 'too large' | 'refused'

/** As in `application/problem+json`, with what Replicate adds. */
const problem = z.object({
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  retry_after: z.number().optional().catch(undefined),
  invalid_fields: z
    .array(z.object({ field: z.string().catch(''), description: z.string().catch('') }))
    .optional()
    .catch(undefined),
})
export type Problem = z.infer<typeof problem>

/** A request to the service did not work; the message is for a person. */
export class Trouble extends Error {
  override readonly name = 'Trouble'
  readonly kind: TroubleKind
  /** Of the answer; null when none came. */
  readonly status: number | null
  /** When to ask again, in milliseconds from now; null when the service did not say. */
  readonly retryAfterMs: number | null
  /** What the service said, as it came. */
  readonly raw: string

  constructor(message: string, facts: TroubleFacts, options?: ErrorOptions) {
    super(message, options)
    this.kind = facts.kind
    this.status = facts.status ?? null
    this.retryAfterMs = facts.retryAfterMs ?? null
    this.raw = facts.raw ?? ''
  }
}

interface TroubleFacts {
  readonly kind: TroubleKind
  readonly status?: number
  readonly retryAfterMs?: number | null
  readonly raw?: string
}

/** Whether what was asked for may have been done all the same. */
export function mayHaveHappened({ kind, status }: Trouble): boolean {
  if (kind === 'refused') return status !== null && status >= 500
  return kind !== 'unreachable'
}

/** Whether nothing was done, and the same request may well work in a while. */
export function mayWorkLater({ kind, status }: Trouble): boolean {
  return kind === 'unreachable' || status === 429
}

/** Why a request was refused. `service` is what people call what refused it. */
export function refusal(
  service: string,
  status: number,
  headers: Headers,
  raw: string,
  now: number,
): Trouble {
  const said = readProblem(raw)
  const retryAfterMs = retryAfter(headers.get('retry-after'), now) ?? secondsOf(said.retry_after)
  const sentence = refusalSentence(service, status, said, retryAfterMs)
  return new Trouble(sentence, { kind: 'refused', status, retryAfterMs, raw: raw.slice(0, 4_000) })
}

/** Why a request came to nothing on the way. */
export function breakdown(service: string, error: unknown): Trouble {
  if (error instanceof Trouble) return error
  const code = codeOf(error)
  const facts = { raw: `${code} ${error instanceof Error ? error.message : ''}`.trim() }
  const options = { cause: error }
  if (unsent.has(code)) {
    const sentence = `${service} could not be reached. Try again in a while.`
    return new Trouble(sentence, { ...facts, kind: 'unreachable' }, options)
  }
  if (/TIMEOUT|TimeoutError/i.test(code))
    return new Trouble(`${service} took too long to answer.`, { ...facts, kind: 'slow' }, options)
  return new Trouble(`The connection to ${service} was cut.`, { ...facts, kind: 'cut' }, options)
}

/** What a connection that was never made ends with: nothing was sent. */
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
  // Of several addresses that were tried, the first tells.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  const code = (first as { code?: unknown } | undefined)?.code ?? (error as { code?: unknown }).code
  return typeof code === 'string' ? code : error.name
}

function readProblem(raw: string): Problem {
  try {
    return problem.catch({}).parse(JSON.parse(raw))
  } catch {
    return {}
  }
}

function refusalSentence(
  service: string,
  status: number,
  said: Problem,
  retryAfterMs: number | null,
): string {
  const detail = plain(said.detail ?? said.title ?? '')
  switch (status) {
    case 401:
      return `${service} refuses the token in REPLICATE_API_TOKEN. Its operator has to set a valid one.`
    case 402:
      return `The account at ${service} has not enough credit for this model. ${detail || 'Add some, then run it again.'}`
    case 403:
      return `The account at ${service} may not do this. ${detail}`.trim()
    case 404:
      return `${service} has no such thing. ${detail}`.trim()
    case 413:
      return `${service} does not take this much. ${detail}`.trim()
    case 422:
      return `${service} does not accept the input. ${fieldsSentence(said) || detail}`.trim()
    case 429:
      return `${service} takes no more from this account for now. Try again in ${seconds(retryAfterMs)}.`
    default:
      return status >= 500
        ? `${service} has trouble of its own (${status}). Try again in a while.`
        : `${service} refuses this (${status}). ${detail}`.trim()
  }
}

/** Each field that is wrong, and why: `num_steps: Must be less than or equal to 4.` */
function fieldsSentence({ invalid_fields: fields = [] }: Problem): string {
  return fields
    .slice(0, 10)
    .map(({ field, description }) => {
      const name = field.replace(/^input\.?/, '')
      const why = plain(description).replace(/\.?$/, '.')
      return name === '' || why.startsWith(`${name} `) ? why : `${name}: ${why}`
    })
    .join(' ')
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 600)
}

function seconds(ms: number | null): string {
  return ms === null ? 'a while' : `${Math.max(1, Math.ceil(ms / 1_000))} s`
}

/** Seconds, or a date. */
function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\d+(?:\.\d+)?$/.test(header)) return Number(header) * 1_000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

function secondsOf(given: number | undefined): number | null {
  return given === undefined || given < 0 ? null : given * 1_000
}
