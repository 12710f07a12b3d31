import { createHmac } from 'node:crypto'
import { equalBytes } from '../request/constant-time.ts'

/** The purpose of a proof in a URL. A proof is valid for its purpose only. */
export type Purpose = 'content' | 'stream'

/** Proves that we gave out the address for an id: 128 bits, the same after a restart. */
export function proofOf(key: string, purpose: Purpose, id: string): string {
  return createHmac('sha256', key)
    .update(`${purpose} ${id}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')
}

export function isProof(key: string, purpose: Purpose, id: string, given: string): boolean {
  return equalBytes(Buffer.from(given), Buffer.from(proofOf(key, purpose, id)))
}
