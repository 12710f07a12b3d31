import { LRUCache } from 'lru-cache'
import type { Deps } from '../../../deps.ts'
import type { Model } from '../../../domain/model/model.ts'
import { type ModelRef, modelName, parseModelRef } from '../../../domain/model-ref.ts'

/** The model that brings an example, by the example’s id: for models that no list has. */
export interface ModelOfExample {
  /** Null when it is not known: then a listed model may bring it. */
  find(id: string): Promise<ModelRef | null>
  /** To be called before the example is answered. */
  keep(id: string, model: Model): Promise<void>
}

const kind = 'example'
const mostRemembered = 10_000

/** In memory; with other replicas also in the database, as any of them may be asked for the example. */
export function createModelOfExample({
  providers,
  upstreamNotes,
}: Pick<Deps, 'providers' | 'upstreamNotes'>): ModelOfExample {
  const known = new LRUCache<string, ModelRef>({ max: mostRemembered })

  /** Whether its upstream has models that no list of ours has. */
  const mayBeUnlisted = ({ provider }: Model) =>
    providers.some(({ name, search }) => name === provider && search !== undefined)

  return {
    async find(id) {
      const found = known.get(id)
      if (found || !upstreamNotes) return found ?? null
      const note = await upstreamNotes.read(kind, id)
      return typeof note === 'string' ? parseModelRef(note) : null
    },
    async keep(id, model) {
      if (known.has(id)) return
      const name = modelName(model.ref)
      if (upstreamNotes && mayBeUnlisted(model))
        await upstreamNotes.write(kind, id, { edition: name, content: name })
      known.set(id, model.ref)
    },
  }
}
