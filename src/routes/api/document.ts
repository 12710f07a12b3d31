import { z } from '@hono/zod-openapi'
import type { Deps } from '../../deps.ts'
import { withoutEndSlashes } from '../../domain/address.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Api } from './route.ts'
import { sendJson, serve } from './route.ts'

/** The API's own description, made of the schemas that read its requests. */
export function documentRoutes(api: Api, deps: Deps): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'One of SANDPIT_API_TOKENS. While none is set, whoever is on the machine itself needs none.',
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
        'Replicate’s HTTP API, as its official clients speak it. A program changes its base URL to this one.',
    },
    servers: [{ url: config.url ? withoutEndSlashes(config.url.href) : paths.base || '/' }],
    security: [{ token: [] }],
  })
  return document as unknown as JsonObject
}
