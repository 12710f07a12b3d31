import { randomUUID } from 'node:crypto'
import type { ErrorHandler } from 'hono'
import type { Deps } from '../../deps.ts'
import { FilesAway, NoSpace, StillReading, StoreBusy } from '../../domain/unavailable.ts'
import {
  apiHeaders,
  databaseBusy,
  filesAway,
  noRoom,
  type Problem,
  stillReading,
} from '../api/problem.ts'
import type { ApiContext, ApiEnv } from '../api/route.ts'

/** A problem, with what clients of OpenAI’s API read besides its sentence. */
export interface ApiError extends Problem {
  /** The member of the request that is wrong. */
  readonly param?: string
  readonly code?: string
  /** `false`: the client must not send the request again. Left out, it decides by the status. */
  readonly retry?: false
}

/** The body of an error, also sent in the middle of a stream. */
export function errorBody(error: ApiError) {
  const { status, param = fieldOf(error), code = codeOf(status) } = error
  return { error: { message: sentence(error), type: typeOf(status), param, code } }
}

/**
 * Sends an error in OpenAI’s form. Its clients send a request that failed again, up to twice, so those that
 * have run something, or would fail again, say that they must not.
 */
export function sendError(c: ApiContext, error: ApiError): Response {
  const { retry_after: seconds, retry } = error
  return c.body(JSON.stringify(errorBody(error)), error.status === 422 ? 400 : error.status, {
    ...apiHeaders,
    'Content-Type': 'application/json',
    ...(seconds === undefined ? {} : { 'Retry-After': String(seconds) }),
    ...(retry === false || (seconds ?? 0) > mostRetrySeconds ? { 'x-should-retry': 'false' } : {}),
  })
}

/** Clients wait no longer before they send a request again: they would do it too early. */
const mostRetrySeconds = 60

/** An error of a request that is not valid. */
export function badRequest(detail: string, param: string, code = 'invalid_value'): ApiError {
  return { status: 400, detail, param, code }
}

/** A member that is known and not supported. */
export function unsupported(param: string, detail: string): ApiError {
  return badRequest(detail, param, 'unsupported_parameter')
}

/** The name of an invalid input, without those of its items. */
function fieldOf({ invalid_fields: [field] = [] }: Problem): string | null {
  return field?.field.split('.')[1] ?? null
}

function sentence({ detail, invalid_fields: fields }: Problem): string {
  if (!fields) return detail
  return fields
    .map(({ field, description }) => {
      const name = field.replace(/^input\./, '')
      return name === '' ? description : `${name}: ${description}`
    })
    .join('. ')
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
}

function typeOf(status: number): string {
  return types[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error')
}

const codes: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  422: 'invalid_value',
  429: 'rate_limit_exceeded',
}

function codeOf(status: number): string | null {
  return codes[status] ?? null
}

/** Answers what a handler has thrown. */
export function answerError({ log }: Pick<Deps, 'log'>): ErrorHandler<ApiEnv> {
  return (error, c) => {
    if (error instanceof NoSpace) return sendError(c, noRoom)
    if (error instanceof StillReading) return sendError(c, stillReading)
    if (error instanceof StoreBusy) return sendError(c, databaseBusy)
    if (error instanceof FilesAway) return sendError(c, filesAway)
    const request = randomUUID()
    log.error({ error, path: c.req.path, request }, 'A request of the OpenAI API failed')
    c.header('X-Request-Id', request)
    const detail = `Something went wrong on the server. Its log has the details: request ${request}.`
    return sendError(c, { status: 500, detail })
  }
}
