import { createMcpHandler } from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { isList } from '../../domain/json/json.ts'
import { tokensOnly } from '../api/access.ts'
import { createApiDeps } from '../api/api-deps.ts'
import { readJsonBody } from '../api/body.ts'
import { apiHeaders, type Problem } from '../api/problem.ts'
import { rateLimited } from '../api/rate.ts'
import type { ApiContext, ApiEnv } from '../api/route.ts'
import { createServer } from './server.ts'

/** In one request: only the protocol of 2025-03-26 knows more than one. */
const mostMessages = 20

/** Streams of changes that are open at the same time. Nothing is ever sent in them. */
const mostSubscriptions = 200

/** A call is answered after this at the latest, in milliseconds: clients give it up after 60 seconds. */
const longestWaitMs = 45_000

/** Models as tools for assistants: the Model Context Protocol over HTTP, without sessions. */
export function createMcp(
  parts: Deps,
  getPath: (request: Request) => string,
  waitMs = longestWaitMs,
) {
  const deps = createApiDeps(parts)
  const { log } = deps
  const contexts = new WeakMap<Request, ApiContext>()
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const c = requestInfo && contexts.get(requestInfo)
      if (!c) throw new Error('This request did not come through the routes.')
      return createServer(c, deps, waitMs)
    },
    {
      maxSubscriptions: mostSubscriptions,
      onerror: (error) => log.info({ error }, 'A request of MCP was refused'),
    },
  )
  const api = new Hono<ApiEnv>({ getPath })
  api.use(tokensOnly(deps, { refuse, scopeOf: () => 'read' }))
  api.use(rateLimited(deps, refuse))
  api.post('/mcp', async (c) => {
    const body = await readJsonBody(c)
    if (!body.ok) return refuse(c, body.problem)
    if (isList(body.json) && body.json.length > mostMessages)
      return refuse(c, { status: 413, detail: `Send at most ${mostMessages} messages at once.` })
    contexts.set(c.req.raw, c)
    return handler.fetch(c.req.raw, { parsedBody: body.json })
  })
  api.all('/mcp', (c) => {
    c.header('Allow', 'POST')
    return refuse(c, { status: 405, detail: 'There are no sessions: send each message by POST.' })
  })
  api.onError((error, c) => {
    log.error({ error }, 'A request of MCP failed')
    return refuse(c, { status: 500, detail: 'Something went wrong on the server.' })
  })
  return api
}

/** JSON-RPC has codes for these; the others are those of servers. */
const codes: Readonly<Record<number, number>> = { 400: -32700, 500: -32603 }

function refuse(c: ApiContext, { status, detail, retry_after: seconds }: Problem): Response {
  const error = { code: codes[status] ?? -32000, message: detail }
  return c.body(JSON.stringify({ jsonrpc: '2.0', error, id: null }), status, {
    ...apiHeaders,
    'Content-Type': 'application/json',
    ...(seconds === undefined ? {} : { 'Retry-After': String(seconds) }),
  })
}
