import type { Prediction } from './prediction.ts'

/** What a list shows of a prediction: everything but the two parts that can be long. */
export type PredictionSummary = Omit<Prediction, 'output' | 'excerpt' | 'logs'>

/** A part of a list of predictions. */
export interface PredictionPage {
  /** Newest first. */
  readonly predictions: readonly PredictionSummary[]
  /** Where the next page begins; null at the end. Opaque. */
  readonly next: string | null
}
