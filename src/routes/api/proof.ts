import { createHmac } from 'node:crypto'
import type { Deps } from '../../deps.ts'
import { type Reach, reachOf } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
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

/** Proves that we gave out the address of a stream while its prediction could be seen as far as it can now. */
export function streamProof(
  deps: Pick<Deps, 'key' | 'runner'>,
  prediction: Pick<Prediction, 'id' | 'visibility' | 'model'>,
): string {
  return proofOf(deps.key, 'stream', `${prediction.id} ${currentReach(deps, prediction)}`)
}

/** How far a prediction can be seen now: with another reach, the address of its stream is another. */
export function currentReach(
  { runner }: Pick<Deps, 'runner'>,
  { visibility, model }: Pick<Prediction, 'visibility' | 'model'>,
): Reach {
  return reachOf({ visibility }, runner.modelSubject(model))
}

const dayMs = 24 * 60 * 60 * 1_000

/** The day on whose end what is given out now ends: a day from now at the earliest. Counted from 1970. */
export function lastDay(now: number): number {
  return Math.floor(now / dayMs) + 1
}

/** A proof for the content of a file that is valid until the end of a day: one to two days. */
export function contentProof(key: string, ref: string, day: number): string {
  return `${day.toString(36)}.${proofOf(key, 'content', `${ref} ${day}`)}`
}

export function isContentProof(key: string, ref: string, given: string, now: number): boolean {
  const [text = '', proof = ''] = given.split('.')
  const day = /^[0-9a-z]{1,6}$/.test(text) ? Number.parseInt(text, 36) : 0
  return now < (day + 1) * dayMs && isProof(key, 'content', `${ref} ${day}`, proof)
}
