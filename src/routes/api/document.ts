import { z } from '@hono/zod-openapi'
import type { Deps } from '../../deps.ts'
import { withoutEndSlashes } from '../../domain/address.ts'
import type { JsonObject } from '../../domain/json/json.ts'
import { type Api, sendJson, serve } from './route.ts'

/** The OpenAPI document, made of the schemas that read requests. */
export function documentRoutes(api: Api, deps: Deps): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'One of the tokens in SANDPIT_API_TOKENS. If none are set, requests from the same machine need no token.',
  })
  serve(
    api,
    {
      method: 'get',
      path: '/v1/openapi.json',
      operationId: 'document.get',
      summary: 'Get this document',
      responses: {
        200: {
          description: 'An OpenAPI 3.1 document',
          content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } },
        },
      },
    },
    (c) => sendJson(c, apiDocument(api, deps)),
  )
}

/** The OpenAPI document of every route of the API. */
export function apiDocument(api: Api, { config, paths }: Deps): JsonObject {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Sandpit',
      version: '1',
      description:
        'Replicate’s HTTP API, for its official clients. Set the client’s base URL to this server.',
    },
    servers: [{ url: config.url ? withoutEndSlashes(config.url.href) : paths.base || '/' }],
    security: [{ token: [] }],
  })
  return document as unknown as JsonObject
}
