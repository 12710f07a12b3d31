import type { ModelReplacement } from '../../../views/model/model-replacement.tsx'
import type { Config } from '../../config.ts'
import { sameJson } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import type { ModelRecord, ModelSource } from '../../domain/model/record.ts'
import { type ModelRef, modelName, sameModel } from '../../domain/model-ref.ts'
import { schemaChanges } from '../../domain/schema/change.ts'

export interface Wanted {
  readonly ref: ModelRef
  /** What was found, as it is to be run. */
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
 * Decides what saving does to a model that has the name already. A container that takes and makes
 * the same shares its load; anything else takes the model over, once the operator has said so.
 */
export function newSource(wanted: Wanted, { cogModels }: Pick<Config, 'cogModels'>): NewSource {
  const { ref, found, source, known, record, takesOver } = wanted
  const kept = record?.source ?? null
  if (known && known.provider !== source.provider && !kept) return { problem: taken(ref) }
  if (kept && kept.provider !== source.provider) return { problem: taken(ref) }
  if (!known || source.provider === 'replicate') return { source }
  if (source.provider === 'local') {
    const same = kept?.provider === 'local' && kept.folder === source.folder
    return same || takesOver ? { source } : { ask: takeover(wanted, kept) }
  }
  const configured = cogModels.filter((one) => sameModel(one.ref, ref)).map(({ url }) => url)
  const urls = kept?.provider === 'cog' ? kept.urls : []
  const isThere = source.urls.every((url) => [...urls, ...configured].includes(url))
  const fits =
    known.broken === null && sameJson(known.version.schema.schemas, found.version.schema.schemas)
  if (isThere || fits)
    return { source: { provider: 'cog', urls: [...new Set([...urls, ...source.urls])] } }
  if (configured.length > 0) return { problem: configuredElsewhere(ref) }
  return takesOver ? { source } : { ask: takeover(wanted, kept) }
}

function takeover({ ref, found, known }: Wanted, kept: ModelSource | null): ModelReplacement {
  const places =
    kept?.provider === 'cog' ? kept.urls : kept?.provider === 'local' ? [kept.folder] : []
  const described = known && known.broken === null ? known : null
  const changes =
    described && schemaChanges(described.version.schema.schemas, found.version.schema.schemas)
  return { name: modelName(ref), places, changes }
}

function taken(ref: ModelRef): string {
  return `There is already a model called ${modelName(ref)}.`
}

function configuredElsewhere(ref: ModelRef): string {
  return `${modelName(ref)} runs in the containers set in COG_MODELS, and this one has a different schema. Save it with another name.`
}
