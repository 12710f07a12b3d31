import { createRoute, type OpenAPIHono, type RouteConfig, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { formatJson, type Json } from '../../domain/json/json.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import type { ApiDeps } from './api-deps.ts'
import { readJsonBody } from './body.ts'
import { invalidFields } from './invalid-fields.ts'
import { apiHeaders, invalid, type Problem, sendProblem } from './problem.ts'
import { problemSchema } from './schemas.ts'

/** Variables that the API’s middleware sets on a request. */
export interface ApiEnv {
  readonly Variables: {
    /** A token’s viewer, or the one of this machine. */
    readonly viewer: Viewer
    /** The account for which the request acts: what it creates belongs to it. */
    readonly account: string
    /** Whether a request that was held is still let in: its token may have been revoked since. */
    readonly isStillIn: () => Promise<boolean>
    /** How many more requests the rate allows; not set without one. */
    rateLeft?: number
  }
}

export type Api = OpenAPIHono<ApiEnv>
export type ApiContext = Context<ApiEnv>

/** Adds routes that belong together. */
export type RouteGroup = (api: Api, deps: ApiDeps) => void

export interface ApiRoute extends Omit<RouteConfig, 'request' | 'responses'> {
  readonly request?: {
    readonly params?: z.ZodObject
    readonly query?: z.ZodObject
    readonly headers?: z.ZodObject
    /** A JSON body is read and checked before the handler is called. The handler reads any other body. */
    readonly body?: {
      readonly description?: string
      readonly required?: boolean
      readonly content: { readonly [mediaType: string]: { readonly schema: z.ZodType } }
    }
  }
  /** The status for a query that is not valid, with one sentence, where Replicate does so; else 422. */
  readonly refusedWith?: 400
  /** Without problems: `serve` documents them as the default response. */
  readonly responses: RouteConfig['responses']
}

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<string, never>
type Asked<R extends ApiRoute, Part extends 'params' | 'query'> = Output<
  NonNullable<R['request']> extends Record<Part, infer Schema> ? Schema : undefined
>
type Body<R extends ApiRoute> =
  NonNullable<R['request']> extends {
    body: { content: { 'application/json': { schema: infer Schema } } }
  }
    ? Output<Schema>
    : undefined

/** A request as the route’s schemas read it. */
export interface Request<R extends ApiRoute> {
  readonly params: Asked<R, 'params'>
  readonly query: Asked<R, 'query'>
  readonly body: Body<R>
}

/**
 * Serves a route, and documents it with the schemas that read its requests. What they refuse is
 * answered 422, field by field. Of `OpenAPIHono` only the registry is used: the validators of its
 * `openapi()` read bodies without bounds, and have no such answers.
 */
export function serve<const R extends ApiRoute>(
  api: Api,
  route: R,
  handler: (c: ApiContext, asked: Request<R>) => Response | Promise<Response>,
): void {
  const { refusedWith, ...described } = route
  const documented = createRoute({
    ...described,
    responses: { ...route.responses, default: problemResponse },
  } as RouteConfig)
  api.openAPIRegistry.registerPath(documented)
  const json = route.request?.body?.content['application/json']?.schema
  api.on(route.method.toUpperCase(), documented.getRoutingPath(), async (c: ApiContext) => {
    const params = read(route.request?.params, () => c.req.param())
    if (!params.ok) return sendProblem(c, params.problem)
    const query = read(route.request?.query, () => c.req.query(), refusedWith)
    if (!query.ok) return sendProblem(c, query.problem)
    const body = json ? await readBody(c, json) : { ok: true as const, value: undefined }
    if (!body.ok) return sendProblem(c, body.problem)
    const asked = { params: params.value, query: query.value, body: body.value }
    return handler(c, asked as Request<R>)
  })
}

type Reading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: Problem }

function read(schema: z.ZodType | undefined, ask: () => unknown, refusedWith?: 400): Reading {
  if (!schema) return { ok: true, value: {} }
  const given = ask()
  const { success, data, error } = schema.safeParse(given)
  if (success) return { ok: true, value: data }
  const problem = refusedWith
    ? { status: refusedWith, detail: error.issues[0]?.message ?? 'The query is not valid.' }
    : invalid(invalidFields(error.issues, given))
  return { ok: false, problem }
}

async function readBody(c: ApiContext, schema: z.ZodType): Promise<Reading> {
  const body = await readJsonBody(c)
  return body.ok ? read(schema, () => body.json) : body
}

const problemResponse = {
  description: 'What is wrong and how to fix it.',
  content: { 'application/problem+json': { schema: problemSchema } },
}

/** A JSON response, for the document. */
export function answers(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema } } }
}

/** A JSON body, for the document and the reader. */
export function takes<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const
}

export function sendJson(c: ApiContext, json: Json, status: 200 | 201 | 202 = 200): Response {
  return c.body(formatJson(json), status, jsonHeaders)
}

export const jsonHeaders = { ...apiHeaders, 'Content-Type': 'application/json' } as const
