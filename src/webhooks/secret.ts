import { createHmac } from 'node:crypto'

/**
 * What the webhooks of a viewer are signed with, in the form that Standard Webhooks gives secrets.
 * It follows from the server's key, so that nothing has to be kept. Clients take what comes after
 * the last `_`: the base64 is the standard one, which has none.
 */
export function webhookSecret(key: string, viewer: string): string {
  return `whsec_${createHmac('sha256', key).update(`webhooks ${viewer}`).digest('base64')}`
}
