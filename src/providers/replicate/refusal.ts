import { z } from 'zod'
import { beginning } from '../../domain/json/excerpt.ts'
import { UpstreamError } from './upstream-error.ts'

/** `application/problem+json` with Replicate's additions. */
const problem = z.object({
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  retry_after: z.number().optional().catch(undefined),
  invalid_fields: z
    .array(z.object({ field: z.string().catch(''), description: z.string().catch('') }))
    .optional()
    .catch(undefined),
})
type Problem = z.infer<typeof problem>

/** The error of a response that is not ok. `service` is the name of the service. */
export function refusal(
  service: string,
  status: number,
  headers: Headers,
  raw: string,
  now: number,
): UpstreamError {
  const said = readProblem(raw)
  const retryAfterMs = retryAfter(headers.get('retry-after'), now) ?? secondsOf(said.retry_after)
  const sentence = refusalSentence(service, status, said, retryAfterMs)
  return new UpstreamError(sentence, {
    kind: 'refused',
    status,
    retryAfterMs,
    raw: beginning(raw, 4_000),
  })
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
      return `${service} refused the token in REPLICATE_API_TOKEN. The operator must set a valid one.`
    case 402:
      return `The account at ${service} does not have enough credit for this model. ${detail || 'Add credit, then run it again.'}`
    case 403:
      return `The account at ${service} is not allowed to do this. ${detail}`.trim()
    case 404:
      return `${service} could not find this. ${detail}`.trim()
    case 413:
      return `This is too large for ${service}. ${detail}`.trim()
    case 422:
      return `${service} does not accept the input. ${fieldsSentence(said) || detail}`.trim()
    case 429:
      return `${service} is limiting requests from this account. Try again in ${seconds(retryAfterMs)}.`
    default:
      return status >= 500
        ? `${service} returned an error (${status}). Try again in a few minutes.`
        : `${service} refused the request (${status}). ${detail}`.trim()
  }
}

/** A sentence for each invalid field: `num_steps: Must be less than or equal to 4.` */
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
  return beginning(text.replace(/\s+/g, ' ').trim(), 600)
}

function seconds(ms: number | null): string {
  return ms === null ? 'a few minutes' : `${Math.max(1, Math.ceil(ms / 1_000))} s`
}

/** Milliseconds from a `Retry-After` header, which holds seconds or a date. */
function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\d+(?:\.\d+)?$/.test(header)) return Number(header) * 1_000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

function secondsOf(given: number | undefined): number | null {
  return given === undefined || given < 0 ? null : given * 1_000
}
