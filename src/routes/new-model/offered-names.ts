import type { Deps } from '../../deps.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import type { ModelSources } from '../../providers/model-sources.ts'
import type { FoundModel, FoundUpstream } from '../../providers/provider.ts'
import { createFreeNames } from './free-names.ts'

/**
 * The names to offer for what was found, by the upstream's ids: the one under which it runs there already, else one
 * that no model has. Saving refuses none of them.
 */
export async function offeredNames(
  { models }: FoundUpstream,
  { runner, records, providers }: Pick<Deps, 'runner' | 'records' | 'providers'>,
): Promise<ReadonlyMap<string, ModelRef>> {
  const all = records.all().filter(({ source }) => source !== null)
  const known = [...all, ...(await runner.readModels())].map(({ ref }) => modelName(ref))
  const kept = keptNames(all, providers)
  const nameOf = (found: FoundModel) => (found.keepsName ? found.model.ref : kept(found))
  const offered = new Map(models.map((found) => [found.id, nameOf(found)]))
  const given = [...offered.values()].flatMap((ref) => (ref ? [modelName(ref)] : []))
  const free = createFreeNames([...known, ...given])
  return new Map(models.map(({ id, model }) => [id, offered.get(id) ?? free(model.ref)]))
}

/** Finds the name under which a model was added where it was found; null for a new one. */
function keptNames(records: readonly ModelRecord[], providers: Deps['providers']) {
  const sourcesOf = new Map(providers.map(({ name, sources }) => [name, sources]))
  const byPlace = new Map<string, ModelRecord[]>()
  for (const record of records)
    for (const place of placesOf(record, sourcesOf.get(record.source?.provider ?? '')))
      byPlace.set(place, [...(byPlace.get(place) ?? []), record])

  return ({ source, model: { ref } }: FoundModel): ModelRef | null => {
    const sources = sourcesOf.get(source.provider)
    const there = placesOf({ ref, source }, sources).flatMap((place) => byPlace.get(place) ?? [])
    // A source that adds nothing to a model is where that runs already.
    const adds = ({ source: kept }: ModelRecord) =>
      sources?.add({ ref, source, kept, sameSchema: false })
    return there.find((record) => 'source' in (adds(record) ?? {}))?.ref ?? null
  }
}

/** Where a source is, for comparing: its URLs, or for one without any its name. */
function placesOf(
  { ref, source }: Pick<ModelRecord, 'ref' | 'source'>,
  sources: ModelSources | undefined,
): readonly string[] {
  if (!source) return []
  const urls = sources?.urls(source) ?? []
  return (urls.length > 0 ? urls : [modelName(ref)]).map((url) => `${source.provider} ${url}`)
}
