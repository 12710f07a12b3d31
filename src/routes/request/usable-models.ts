import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, sameModel } from '../../domain/model-ref.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { may } from '../../domain/policy.ts'

/**
 * The models that a viewer may see. To all others, they do not exist. `shared`: one that a share link
 * lets them run.
 */
export function usableModels(
  { runner }: Pick<Deps, 'runner'>,
  viewer: Viewer,
  shared: ModelRef | null = null,
) {
  function usable(model: Model | null): Model | null {
    const isShared = model !== null && shared !== null && sameModel(model.ref, shared)
    return model && (isShared || may(viewer, 'see', { model })) ? model : null
  }

  return {
    /** As `runner.findModel`. */
    async find(ref: ModelRef, version?: string): Promise<Model | null> {
      return usable(await runner.findModel(ref, version))
    },
    /** As `runner.findModelSoon`. */
    async findSoon(ref: ModelRef, version?: string): Promise<Model | null> {
      return usable(await runner.findModelSoon(ref, version))
    },
    /** As `runner.models`. */
    async all(): Promise<Model[]> {
      return (await runner.models()).filter((model) => may(viewer, 'see', { model }))
    },
  }
}
