import type { ModelRef } from '../model-ref.ts'

/** What is kept although it is old, if the operator says so. */
export const keptKinds = ['favourites', 'examples', 'shared'] as const
export type KeptKind = (typeof keptKinds)[number]

/** How long the inputs, outputs, logs and files of predictions are kept. */
export interface Retention {
  /** Null: without end. */
  readonly days: number | null
  readonly keep: readonly KeptKind[]
}

/** How long a model’s are kept, in days; null: as the operator says for all. */
export type ModelRetention = number | 'keep' | null

/** Reads a number of days, `keep`, or nothing; undefined for any other text. */
export function readModelRetention(text: string): ModelRetention | undefined {
  if (text === '') return null
  if (text === 'keep') return text
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined
}

/** A prediction that still has its data. */
export interface WithData {
  readonly id: string
  readonly model: ModelRef
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export const dayMs = 24 * 60 * 60_000

/** For how many days data is kept under both rules; null without end. */
export function retentionDays({ days }: Retention, ofModel: ModelRetention): number | null {
  if (ofModel === 'keep') return null
  return ofModel ?? days
}

/** Whether data is to be removed now. */
export function isDue({ createdAt }: WithData, days: number | null, now: number): boolean {
  return days !== null && createdAt < now - days * dayMs
}
