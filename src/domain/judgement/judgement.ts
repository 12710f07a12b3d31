import type { ModelRef } from '../model-ref.ts'

/** What somebody thinks of a prediction. */
export interface Judgement {
  /** Id of the prediction. */
  readonly prediction: string
  /** Id of the viewer. */
  readonly judge: string
  readonly verdict: Verdict | null
  /** Plain text; empty for none. */
  readonly note: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export type Verdict = 'good' | 'bad'

/** The longest note, in UTF-16 units. */
export const longestNote = 2_000

/** Which of two predictions of a group somebody finds better. */
export interface Choice {
  /** Id of the group of runs. */
  readonly group: string
  /** The ids of the predictions, in their alphabetical order. */
  readonly first: Chosen
  readonly second: Chosen
  /** Id of the viewer. */
  readonly judge: string
  readonly better: 'first' | 'second' | 'same'
  /** Milliseconds since 1970. */
  readonly at: number
}

interface Chosen {
  readonly id: string
  readonly model: ModelRef
}

/** How a model was judged. */
export interface ModelScore {
  /** `owner/name`. */
  readonly model: string
  readonly good: number
  readonly bad: number
  /** How often it was chosen over another model, and another over it. Those that are the same count in neither. */
  readonly won: number
  readonly lost: number
}
