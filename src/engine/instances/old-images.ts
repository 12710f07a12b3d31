import type { Engine } from '../client.ts'
import { EngineError } from '../engine-error.ts'
import type { WorkloadImage } from './workload.ts'

export interface OldImagesOptions {
  readonly engine: Engine
  /** The most that images of models may take together, in bytes; null for as much as there is. */
  readonly most: number | null
  /** The images of all models, of those among them that are to run included. */
  readonly all: () => readonly WorkloadImage[]
  /** Whether containers run of an image now, or are about to, by the engine’s id of it. */
  readonly isUsed: (id: string) => boolean
}

export type OldImages = ReturnType<typeof createOldImages>

/**
 * Removes images of models that were used least recently, where all take more than they may. Only those that a registry
 * has are removed: they are pulled again when somebody runs them. A layer that images share is counted for each.
 */
export function createOldImages({ engine, most, all, isUsed }: OldImagesOptions) {
  /** In the order of their last use; those that were not used since the start come first. */
  const used = new Map<string, true>()

  async function present(): Promise<Map<string, number>> {
    const sizes = new Map<string, number>()
    for (const { id, name } of all()) {
      const found = isPullable(name) ? await engine.image(id ?? name) : null
      if (found) sizes.set(found.id, found.size)
    }
    return sizes
  }

  return {
    /** To be called when a container of an image is about to start. */
    use(id: string): void {
      used.delete(id)
      used.set(id, true)
    },
    /** To be called after each pull. Never rejects: an image that stays is looked at after the next. */
    async tidy(): Promise<void> {
      if (most === null) return
      try {
        const sizes = await present()
        let sum = [...sizes.values()].reduce((total, size) => total + size, 0)
        const oldest = [...sizes.keys()].filter((id) => !used.has(id))
        const others = [...used.keys()].filter((id) => sizes.has(id))
        for (const id of [...oldest, ...others]) {
          if (sum <= most) return
          if (isUsed(id) || !(await engine.removeImage(id))) continue
          used.delete(id)
          sum -= sizes.get(id) ?? 0
        }
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
      }
    },
  }
}

/** A name with a digest is of a registry. */
function isPullable(name: string): boolean {
  return name.includes('@sha256:')
}
