import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { runRetrySeconds } from '../refusals.ts'
import type { Problem } from './problem.ts'

/** Why a model has no schema, when its upstream refused to give one or did not respond; else null. */
export function upstreamProblem({ ref, broken, undescribed }: Model): Problem | null {
  const detail = `${modelName(ref)}: ${broken ?? 'its provider is not responding.'}`
  if (undescribed === 'refused') return { title: 'Refused upstream', detail, status: 502 }
  if (undescribed !== 'away') return null
  return { title: 'Upstream unavailable', detail, status: 503, retry_after: runRetrySeconds }
}
