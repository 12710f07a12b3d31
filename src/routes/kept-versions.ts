import type { Deps } from '../deps.ts'
import type { ModelSource } from '../domain/model/record.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { SourceVersion, SourceVersions } from '../providers/model-sources.ts'

type Parts = Pick<Deps, 'records' | 'providers' | 'deployments'>

/** The versions that the source of a model keeps to be run; empty for a model whose source keeps none. */
export function keptVersions(deps: Parts, ref: ModelRef): readonly SourceVersion[] {
  const kept = versionsIn(deps, ref)
  return kept ? kept.versions.of(ref, kept.source) : []
}

/** The source in which a version runs by default; null when it is not kept. */
export function sourceWithDefault(deps: Parts, ref: ModelRef, id: string): ModelSource | null {
  const kept = versionsIn(deps, ref)
  return kept?.versions.withDefault(ref, kept.source, id) ?? null
}

/** The source without a version; null when it is not kept, or runs by default. */
export function sourceWithout(deps: Parts, ref: ModelRef, id: string): ModelSource | null {
  const kept = versionsIn(deps, ref)
  return kept?.versions.without(ref, kept.source, id) ?? null
}

/** The deployments that run a version, by name. */
export function deploymentsWith({ deployments }: Parts, ref: ModelRef, id: string): string[] {
  const name = modelName(ref)
  return deployments
    .all()
    .filter(({ current }) => modelName(current.model) === name && current.version === id)
    .map((one) => modelName(one.ref))
}

function versionsIn(
  { records, providers }: Parts,
  ref: ModelRef,
): { readonly versions: SourceVersions; readonly source: ModelSource } | null {
  const source = records.find(ref)?.source
  if (!source) return null
  const versions = providers.find(({ name }) => name === source.provider)?.sources?.versions
  return versions ? { versions, source } : null
}
