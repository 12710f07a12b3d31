import type { VersionChoice } from '../../../views/editing/version-row.tsx'
import type { Deps } from '../../deps.ts'
import { isDescribed, type Model } from '../../domain/model/model.ts'
import { sameModel } from '../../domain/model-ref.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { keptVersions } from '../kept-versions.ts'
import { usableModels } from '../request/usable-models.ts'

/** The versions of a model that can be run, the newest first; null where none is known, or only its upstream knows them. */
export async function versionChoices(
  deps: Deps,
  viewer: Viewer,
  model: Model,
): Promise<readonly VersionChoice[] | null> {
  const { ref, version } = model
  const provider = deps.providers.find(({ name }) => name === model.provider)
  if (provider?.versionsElsewhere) return null
  const kept = keptVersions(deps, ref)
  const earlier = (await provider?.earlier?.()) ?? []
  const ids = new Set([
    ...(isDescribed(model) ? [version.id] : []),
    ...kept.map((one) => one.version.id),
    ...earlier.filter((one) => sameModel(one.ref, ref)).map((one) => one.version),
  ])
  const stored = new Map((await deps.store.versionsOf(ref)).map((one) => [one.id, one.createdAt]))

  async function madeAt(id: string): Promise<number | null> {
    if (id === version.id) return version.createdAt
    const known = kept.find((one) => one.version.id === id)?.version.createdAt ?? stored.get(id)
    if (known !== undefined) return known
    const found = await usableModels(deps, viewer).findSoon(ref, id)
    return found?.version.id === id ? found.version.createdAt : null
  }

  async function choiceOf(id: string): Promise<VersionChoice[]> {
    const at = await madeAt(id)
    const named = kept.find((one) => one.version.id === id)?.named ?? null
    return at === null ? [] : [{ id, at, named, isDefault: id === version.id }]
  }

  const choices = (await Promise.all([...ids].map(choiceOf))).flat()
  return choices.length === 0 ? null : choices.sort((a, b) => b.at - a.at)
}
