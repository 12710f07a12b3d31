import type { Choice, Judgement, ModelScore } from '../domain/judgement/judgement.ts'
import type { ModelRef } from '../domain/model-ref.ts'

/** A judgement in an export, with the model that was judged. */
export interface JudgedRun extends Judgement {
  readonly model: ModelRef
}

/** A judgement to be kept. A note that is null stays what it was. */
export interface NewJudgement extends Omit<Judgement, 'note'> {
  readonly note: string | null
}

/** What people think of predictions. */
export interface JudgementStore {
  /**
   * Replaces what its judge thought before. Without a verdict and a note, there is none any more. Nothing is kept
   * when the prediction is removed meanwhile.
   */
  judge(judgement: NewJudgement): Promise<void>
  /** The last judgements of a prediction, newest first, 50 at most. */
  judgementsOf(prediction: string): Promise<readonly Judgement[]>
  /** What one person thinks of some predictions, by their ids. */
  judgementsBy(
    judge: string,
    predictions: readonly string[],
  ): Promise<ReadonlyMap<string, Judgement>>
  /** Replaces what its judge chose before between the two. */
  choose(choice: Choice): Promise<void>
  /** The choices in a group of runs, 10,000 at most. They stay when its predictions are deleted. */
  choicesIn(group: string): Promise<readonly Choice[]>
  /** How all models were judged, by name. Choices between runs of one model are not counted. */
  modelScores(): Promise<readonly ModelScore[]>
  /** The same of one model; null when nobody judged it. */
  modelScore(model: ModelRef): Promise<ModelScore | null>
  /** At most `limit` judgements after one of them (null: the first), in the order of their predictions. */
  judgementsAfter(last: Judgement | null, limit: number): Promise<readonly JudgedRun[]>
  /** The same of choices. */
  choicesAfter(last: Choice | null, limit: number): Promise<readonly Choice[]>
}
