import { createHmac } from 'node:crypto'

/**
 * The secret that signs the webhooks of an account, as Standard Webhooks writes secrets. It is derived
 * from the server's key, so nothing is kept. Clients use the part after the last `_`: standard base64
 * has no `_`.
 */
export function webhookSecret(key: string, account: string): string {
  return `whsec_${createHmac('sha256', key).update(`webhooks ${account}`).digest('base64')}`
}
