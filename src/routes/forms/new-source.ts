import type { ModelReplacement } from '../../../views/model/model-replacement.tsx'
import { sameJson } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import type { ModelRecord, ModelSource } from '../../domain/model/record.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { schemaChanges } from '../../domain/schema/change.ts'
import type { Provider } from '../../providers/provider.ts'

export interface Wanted {
  readonly ref: ModelRef
  /** The source that was found. */
  readonly found: Model
  readonly source: ModelSource
  /** The model of that name, and what is kept of it. */
  readonly known: Model | null
  readonly record: ModelRecord | null
  /** Whether the operator has said that it is to run there from now on, and nowhere else. */
  readonly takesOver: boolean
}

/** Where a model is to run from now on; a question that has to be answered first; or why it cannot. */
export type NewSource =
  | { readonly source: ModelSource }
  | { readonly ask: ModelReplacement }
  | { readonly problem: string }

/**
 * Decides what saving does to a model that has the name already: its provider either adds the source
 * to the model or replaces the model, once the operator has agreed to that.
 */
export function newSource(wanted: Wanted, providers: readonly Provider[]): NewSource {
  const { ref, found, source, known, record, takesOver } = wanted
  const kept = record?.source ?? null
  const runsWith = (kept ?? known)?.provider
  const sources = providers.find(({ name }) => name === source.provider)?.sources
  if (!sources || (runsWith !== undefined && runsWith !== source.provider))
    return { problem: `There is already a model called ${modelName(ref)}.` }
  if (!known) return { source }
  const sameSchema =
    known.broken === null && sameJson(known.version.schema.schemas, found.version.schema.schemas)
  const decided = sources.add({ ref, source, kept, sameSchema })
  if (!('replaces' in decided)) return decided
  return takesOver ? { source } : { ask: replacement(wanted, known, decided.replaces) }
}

function replacement(
  { ref, found }: Wanted,
  known: Model,
  places: readonly string[],
): ModelReplacement {
  const changes =
    known.broken === null
      ? schemaChanges(known.version.schema.schemas, found.version.schema.schemas)
      : null
  return { name: modelName(ref), places, changes }
}
