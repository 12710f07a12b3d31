import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { runRetrySeconds } from '../refusals.ts'
import type { Problem } from './problem.ts'

/** Why nobody can say what a model takes, when that is its upstream's doing; else null. */
export function upstreamProblem({ ref, broken, undescribed }: Model): Problem | null {
  const detail = `${modelName(ref)}: ${broken ?? 'its provider is not responding.'}`
  if (undescribed === 'refused') return { title: 'Refused upstream', detail, status: 502 }
  if (undescribed !== 'away') return null
  return { title: 'Upstream unavailable', detail, status: 503, retry_after: runRetrySeconds }
}
