import type { Prediction } from './prediction.ts'

type Required =
  | 'id'
  | 'model'
  | 'version'
  | 'provider'
  | 'input'
  | 'createdAt'
  | 'source'
  | 'createdBy'
type Optional =
  | 'iterates'
  | 'files'
  | 'deadline'
  | 'visibility'
  | 'parent'
  | 'deployment'
  | 'webhook'

type NewPrediction = Pick<Prediction, Required> & Partial<Pick<Prediction, Optional>>

/** A prediction that was just accepted. */
export function newPrediction(given: NewPrediction): Prediction {
  return {
    status: 'starting',
    output: null,
    excerpt: null,
    iterates: false,
    files: [],
    error: null,
    logs: '',
    progress: null,
    metrics: {},
    attempt: 1,
    remote: null,
    revision: 1,
    startedAt: null,
    completedAt: null,
    deadline: null,
    visibility: 'public',
    parent: null,
    deployment: null,
    webhook: null,
    ...given,
  }
}
