import { z } from '@hono/zod-openapi'
import { hardwareText, usualHardware } from '../../domain/instance/hardware.ts'
import { namespaceOf } from '../../domain/people/account.ts'
import { webhookSecret } from '../../webhooks/secret.ts'
import type { ApiDeps } from './api-deps.ts'
import { type Api, type ApiContext, answers, sendJson, serve } from './route.ts'

export const accountSchema = z
  .object({ type: z.enum(['user', 'organization']), username: z.string(), name: z.string() })
  .openapi('Account')

/** The name of the account for which a request acts: a handle, the owner name of a group, `token-…`. */
export function usernameOf(c: ApiContext): string {
  const { id, kind, namespaces } = c.get('viewer')
  const account = c.get('account')
  const handle = kind === 'person' && account === id ? namespaces[0] : undefined
  return handle ?? namespaceOf(account) ?? account.replace(':', '-')
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
    (c) => {
      const { id, kind } = c.get('viewer')
      const isOwn = kind === 'person' && c.get('account') === id
      const username = usernameOf(c)
      if (kind !== 'person') return sendJson(c, { type: 'organization', username, name: 'Sandpit' })
      return sendJson(c, { type: isOwn ? 'user' : 'organization', username, name: username })
    },
  )
}

function hardware(api: Api, { config }: ApiDeps): void {
  const defined = config.hardware.map((one) => ({ sku: one.name, name: hardwareText(one) }))
  const none = [{ sku: usualHardware, name: 'This Sandpit server' }]
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
    (c) => sendJson(c, defined.length > 0 ? defined : none),
  )
}

function webhookSigning(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'get',
      path: '/v1/webhooks/default/secret',
      operationId: 'webhooks.default.secret.get',
      summary: 'Get the signing secret for webhooks of the token’s account',
      responses: { 200: answers('The secret', z.object({ key: z.string() })) },
    },
    (c) => sendJson(c, { key: webhookSecret(deps.key, c.get('account')) }),
  )
}
