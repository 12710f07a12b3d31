import { createHmac } from 'node:crypto'

/**
 * The secret that signs the webhooks of a viewer, as Standard Webhooks writes secrets. It is derived
 * from the server's key, so nothing is kept. Clients use the part after the last `_`: standard base64
 * has no `_`.
 */
export function webhookSecret(key: string, viewer: string): string {
  return `whsec_${createHmac('sha256', key).update(`webhooks ${viewer}`).digest('base64')}`
}
