import type { Model, Warmth } from '../../src/domain/model/model.ts'
import type { ShownHealth } from '../model/model-health.tsx'
import type { ShownKinds } from './kind-select.tsx'
import type { ShownParts } from './workflow-parts.tsx'

/** An upstream as it was found where an operator looked, before anything of it is kept. */
export interface ShownUpstream {
  /** What it is: `llama.cpp server`. */
  readonly title: string
  /** Null for one without an address. */
  readonly address: string | null
  /** Each a few words. */
  readonly facts: readonly string[]
  readonly takesKey: boolean
  /** A part of the names to show; empty for all. */
  readonly filter: string
  /** How many models it has, and how many of them the filter finds. */
  readonly total: number
  readonly matching: number
  /** Those to show. */
  readonly models: readonly ShownModel[]
}

/** Why a model among several was not saved. */
export interface RowProblem {
  readonly sentence: string
  /** The name of the model that it may replace; null when that is no way out. */
  readonly replaces: string | null
}

export interface ShownModel {
  /** The upstream's own name for it. */
  readonly id: string
  readonly model: Model
  /** Its name here: `owner/name`. */
  readonly name: string
  /** Why it can have no other name here, as a sentence; null when it can. */
  readonly keepsName: string | null
  /** What it can do, in a few words; empty when its schema says it all. */
  readonly can: string
  readonly isChosen: boolean
  /** Ids, the newest first; empty when there is nothing to choose from. */
  readonly versions: readonly string[]
  /** The one of them to keep to; empty for the latest. */
  readonly version: string
  readonly warmth: Warmth
  readonly health: ShownHealth
  /** The parts of the file that it is made of; null when it is made of none. */
  readonly parts: ShownParts | null
  /** The kinds that it can be of; null when that is certain. */
  readonly kinds: ShownKinds | null
  /** Whether it starts when it is asked; null where there is no choice. */
  readonly onDemand: boolean | null
  readonly problem: RowProblem | null
}
