import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { ModelScore } from '../../domain/judgement/judgement.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import { mayOperate } from '../../domain/policy.ts'
import { viewerOf } from '../request/viewer.ts'

/** How a model was judged, for its page: null for all but operators, for whom alone it is read. */
export async function shownScore(
  c: Context,
  deps: Deps,
  model: ModelRef,
): Promise<ModelScore | null> {
  return mayOperate(viewerOf(c, deps)) ? deps.store.modelScore(model) : null
}
