import { z } from '@hono/zod-openapi'
import type { Viewer } from '../../domain/people/viewer.ts'
import { webhookSecret } from '../../webhooks/secret.ts'
import type { ApiDeps } from './api-deps.ts'
import { type Api, answers, sendJson, serve } from './route.ts'

export const accountSchema = z
  .object({ type: z.enum(['user', 'organization']), username: z.string(), name: z.string() })
  .openapi('Account')

/** The name of a viewer where Replicate’s API has the name of an account. */
export function usernameOf({ id }: Pick<Viewer, 'id'>): string {
  return id.replace(':', '-')
}

/** The id of the viewer with this account name. */
export function viewerNamed(username: string): string {
  return username.replace(/^token-/, 'token:')
}

/** The caller’s account, the hardware, and the key that signs the caller’s webhooks. */
export function accountRoutes(api: Api, deps: ApiDeps): void {
  account(api, deps)
  hardware(api, deps)
  webhookSigning(api, deps)
}

function account(api: Api, _deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/account',
      operationId: 'account.get',
      summary: 'Get the account of a token',
      responses: { 200: answers('The account', accountSchema) },
    },
    (c) =>
      sendJson(c, { type: 'organization', username: usernameOf(c.get('viewer')), name: 'Sandpit' }),
  )
}

function hardware(api: Api, _deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/hardware',
      operationId: 'hardware.list',
      summary: 'List hardware',
      responses: {
        200: answers('The hardware', z.array(z.object({ sku: z.string(), name: z.string() }))),
      },
    },
    (c) => sendJson(c, [{ sku: 'sandpit', name: 'This Sandpit server' }]),
  )
}

function webhookSigning(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/webhooks/default/secret',
      operationId: 'webhooks.default.secret.get',
      summary: 'Get the signing secret for webhooks of this token',
      responses: { 200: answers('The secret', z.object({ key: z.string() })) },
    },
    (c) => sendJson(c, { key: webhookSecret(deps.key, c.get('viewer').id) }),
  )
}
