import { Hono } from 'hono'
import { WebhookTestPage } from '../../views/settings/webhook-test.tsx'
import type { Deps } from '../deps.ts'
import { apiViewers } from './api/access.ts'
import { operatorsOnly } from './request/operators.tsx'
import { page } from './request/page.tsx'

/** Sends a test delivery for an operator, and says what came of it. */
export function webhookTestRoutes(deps: Deps) {
  return new Hono().post('/settings/webhook-test', operatorsOnly(deps), async (c) => {
    const address = c.get('formFields').get('url')?.trim() ?? ''
    const signers = apiViewers(deps.config).map(({ id }) => id)
    const outcome = await deps.webhooks.test(address, signers)
    return page(c, deps, <WebhookTestPage url={address} outcome={outcome} />)
  })
}
