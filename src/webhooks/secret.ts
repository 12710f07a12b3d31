import { createHmac } from 'node:crypto'

/**
 * What signs the webhooks of whoever made a prediction: `whsec_` and 32 bytes in standard base64.
 * The same person has the same secret for as long as the server has the same key.
 */
export function webhookSecret(key: string, viewerId: string): string {
  // Not base64url: the official client takes what stands after the last underscore.
  return `whsec_${createHmac('sha256', key).update(`webhooks ${viewerId}`).digest('base64')}`
}
