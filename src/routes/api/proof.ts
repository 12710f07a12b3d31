import { createHmac, timingSafeEqual } from 'node:crypto'

/** What an address that needs no token proves: that we gave it out. The purpose keeps kinds apart. */
export type Purpose = 'content' | 'stream'

/** 128 bits that only this server can make for an id, and makes alike after a restart. */
export function proofOf(key: string, purpose: Purpose, id: string): string {
  return createHmac('sha256', key)
    .update(`${purpose} ${id}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')
}

export function isProof(key: string, purpose: Purpose, id: string, given: string): boolean {
  const right = Buffer.from(proofOf(key, purpose, id))
  const claimed = Buffer.from(given)
  return right.length === claimed.length && timingSafeEqual(right, claimed)
}
