import type { Model } from '../domain/model/model.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { ModelSubject } from '../domain/policy.ts'
import type { RunnerOptions } from './options.ts'

const noGrants: ModelSubject['grants'] = []

/** Models as far as it decides who may use them, for each request: read again only after a change. */
export function createModelSubjects({ edits, access }: Pick<RunnerOptions, 'edits' | 'access'>) {
  /** The models that are private at their provider, by name. */
  const privateThere = new Map<string, ModelRef>()
  let changesThere = 0
  let known = { changes: -1, ...listed(new Map<string, ModelSubject>()) }

  function read(): ReadonlyMap<string, ModelSubject> {
    const refs = new Map(privateThere)
    for (const { ref, fields } of edits.all()) {
      if (fields.visibility === 'private') refs.set(modelName(ref), ref)
      else if (fields.visibility === 'public') refs.delete(modelName(ref))
    }
    const subjectOf = (ref: ModelRef): ModelSubject => ({
      ref,
      visibility: 'private',
      grants: access.of(ref),
    })
    return new Map([...refs].map(([name, ref]) => [name, subjectOf(ref)]))
  }

  function current() {
    const changes = changesThere + edits.changes() + access.changes()
    if (known.changes !== changes) known = { changes, ...listed(read()) }
    return known
  }

  return {
    /** To be called with each model as its provider knows it. */
    noteVisibility({ ref, visibility, undescribed }: Model): void {
      const isPrivate = visibility === 'private'
      if (!isPrivate && privateThere.size === 0) return
      const name = modelName(ref)
      if (isPrivate === privateThere.has(name)) return
      // While its upstream is away, it stays what it was.
      if (!isPrivate && undescribed === 'away') return
      if (isPrivate) privateThere.set(name, ref)
      else privateThere.delete(name)
      changesThere++
    },
    /** Who may use a model, whether it is there or not. */
    modelSubject(ref: ModelRef): ModelSubject {
      const { byName } = current()
      const found = byName.size === 0 ? undefined : byName.get(modelName(ref))
      return found ?? { ref, visibility: 'public', grants: noGrants }
    },
    /** Every model that is known to be private. */
    privateModels: (): readonly ModelSubject[] => current().all,
  }
}

function listed(byName: ReadonlyMap<string, ModelSubject>) {
  return { byName, all: [...byName.values()] }
}
