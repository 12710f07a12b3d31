import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { busyRetrySeconds, readingRetrySeconds } from '../../domain/unavailable.ts'
import { refusals } from '../refusals.ts'
import type { ApiContext } from './route.ts'

/** A field of a request that is not valid, in the words of `gojsonschema`, which Replicate uses. */
export interface InvalidField {
  /** `required`, `enum`, `invalid_type`, `number_gte`, … */
  readonly type: string
  /** Empty for the body itself; `input.width` for an input. */
  readonly field: string
  readonly description: string
}

/** The body of an error (RFC 9457). */
export interface Problem {
  readonly status: ContentfulStatusCode
  readonly title?: string
  /** A sentence for a person: what is wrong and what to do. */
  readonly detail: string
  readonly invalid_fields?: readonly InvalidField[]
  /** Seconds until the request may be sent again; also sent as `Retry-After`. */
  readonly retry_after?: number
}

/** Headers of every response of the API. */
export const apiHeaders = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const

export function sendProblem(c: ApiContext, problem: Problem): Response {
  const { retry_after: seconds } = problem
  return c.body(JSON.stringify(problem), problem.status, {
    ...apiHeaders,
    'Content-Type': 'application/problem+json',
    ...(seconds === undefined ? {} : { 'Retry-After': String(seconds) }),
  })
}

export const unauthenticated: Problem = {
  title: 'Unauthenticated',
  detail: 'You did not pass a valid authentication token',
  status: 401,
}

export const noRoom: Problem = { detail: refusals.diskFull, status: 507 }

export const databaseBusy: Problem = {
  title: 'Database in use',
  detail: refusals.notSaved['database busy'],
  status: 503,
  retry_after: busyRetrySeconds,
}

export const filesAway: Problem = {
  title: 'Files cannot be reached',
  detail: refusals.filesAway,
  status: 503,
  retry_after: busyRetrySeconds,
}

export const stillReading: Problem = {
  title: 'Models are loading',
  detail: 'The server is still loading models, and this may be one of them. Try again in a moment.',
  status: 503,
  retry_after: readingRetrySeconds,
}

export function notFound(detail: string): Problem {
  return { detail, status: 404 }
}

/** The 422 for a request with fields that are not valid. */
export function invalid(fields: readonly InvalidField[], title = 'Input validation failed') {
  const lines = fields.map(({ field, description }) =>
    field === '' ? `- ${description}\n` : `- ${field}: ${description}\n`,
  )
  return { detail: lines.join(''), status: 422, title, invalid_fields: fields } satisfies Problem
}
