import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Something wrong with one field of a request, in the words of `gojsonschema`, as Replicate says it. */
export interface InvalidField {
  /** `required`, `enum`, `invalid_type`, `number_gte`, … */
  readonly type: string
  /** Empty for the body itself; `input.width` for an input. */
  readonly field: string
  readonly description: string
}

/** What is answered in place of what was asked for (RFC 9457). */
export interface Problem {
  readonly status: ContentfulStatusCode
  readonly title?: string
  /** What is wrong and what to do, for a person. */
  readonly detail: string
  readonly invalid_fields?: readonly InvalidField[]
  /** Seconds after which it may be tried again; sent as `Retry-After`, too. */
  readonly retry_after?: number
}

export function sendProblem(c: Context, problem: Problem): Response {
  if (problem.retry_after !== undefined) c.header('Retry-After', String(problem.retry_after))
  return c.body(JSON.stringify(problem), problem.status, {
    'Content-Type': 'application/problem+json',
  })
}

export const unauthenticated: Problem = {
  title: 'Unauthenticated',
  detail: 'You did not pass a valid authentication token',
  status: 401,
}

export function notFound(detail: string): Problem {
  return { detail, status: 404 }
}

/** The 422 of a request whose fields are wrong. */
export function invalid(fields: readonly InvalidField[], title = 'Input validation failed') {
  const lines = fields.map(({ field, description }) =>
    field === '' ? `- ${description}\n` : `- ${field}: ${description}\n`,
  )
  return { detail: lines.join(''), status: 422, title, invalid_fields: fields } satisfies Problem
}
