import type { Json } from '../json/json.ts'
import type { ModelRef } from '../model-ref.ts'
import type { Model } from './model.ts'

/** Settings of a model that an operator made, on a page or through the API. */
export interface ModelRecord {
  readonly ref: ModelRef
  /** Where it runs; null for a model that its provider lists, or that has no version yet. */
  readonly source: ModelSource | null
  readonly details: ModelDetails
  readonly settings: ModelSettings
  /** Milliseconds since 1970, as is the next. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** Which provider runs a model that was added, and what that provider keeps to find it. */
export interface ModelSource {
  readonly provider: string
  /** Members that only the provider reads. */
  readonly [member: string]: Json
}

/** The attributes of a model in Replicate's API. Null when not set. */
export interface ModelDetails {
  readonly description: string | null
  /** Markdown. */
  readonly readme: string | null
  readonly visibility: 'public' | 'private'
  /** As given: one of the names that `GET /v1/hardware` lists. */
  readonly hardware: string | null
  readonly githubUrl: string | null
  readonly paperUrl: string | null
  readonly licenseUrl: string | null
  readonly coverImageUrl: string | null
}

/** How a model is to be run. Null: as the model or its provider says. */
export interface ModelSettings {
  /** `draining` takes no new predictions and runs those that wait; `paused` takes them and runs none. */
  readonly intake: 'open' | 'draining' | 'paused'
  /** How many predictions run at once. */
  readonly copies: number | null
  /** Longest run in milliseconds. */
  readonly timeoutMs: number | null
  /** Most predictions that wait; null for the operator's own limit. */
  readonly maxQueue: number | null
}

export const noDetails: ModelDetails = {
  description: null,
  readme: null,
  visibility: 'public',
  hardware: null,
  githubUrl: null,
  paperUrl: null,
  licenseUrl: null,
  coverImageUrl: null,
}

export const noSettings: ModelSettings = {
  intake: 'open',
  copies: null,
  timeoutMs: null,
  maxQueue: null,
}

/** A model as its provider knows it, with what the operator said of it. */
export function withRecord(model: Model, record: ModelRecord | null): Model {
  if (!record) return model
  const { details, settings } = record
  return {
    ...model,
    description: details.description ?? model.description,
    readme: details.readme ?? model.readme,
    limits: {
      ...model.limits,
      copies: settings.copies ?? model.limits.copies,
      timeoutMs: settings.timeoutMs ?? model.limits.timeoutMs,
    },
  }
}
