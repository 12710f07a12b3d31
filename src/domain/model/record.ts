import type { InstanceChoices } from '../instance/choices.ts'
import type { Json } from '../json/json.ts'
import type { ModelRef } from '../model-ref.ts'
import type { ModelRetention } from '../prediction/retention.ts'
import type { Model } from './model.ts'

/** Settings of a model that an operator made, on a page or through the API. */
export interface ModelRecord {
  readonly ref: ModelRef
  /** Where it runs; null for a model that its provider lists, or that has no version yet. */
  readonly source: ModelSource | null
  /** As given: one of the names that `GET /v1/hardware` lists. Null when not set. */
  readonly hardware: string | null
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
  /** How long the data of its predictions is kept; left out in records from before. */
  readonly retention?: ModelRetention
  /**
   * Whether it is a tool of assistants: `always`, also where there are many models, or `never`. Left out,
   * it is one where there are few.
   */
  readonly tool?: 'always' | 'never'
  /** How its instances are run; left out for `usualInstances`, and of models that none is started for. */
  readonly instances?: InstanceChoices
}

export const noSettings: ModelSettings = {
  intake: 'open',
  copies: null,
  timeoutMs: null,
  maxQueue: null,
}

/** A model as its provider knows it, with its operator's settings. */
export function withSettings(model: Model, settings: ModelSettings | null): Model {
  if (!settings) return model
  return {
    ...model,
    limits: {
      ...model.limits,
      copies: settings.copies ?? model.limits.copies,
      timeoutMs: settings.timeoutMs ?? model.limits.timeoutMs,
    },
  }
}
