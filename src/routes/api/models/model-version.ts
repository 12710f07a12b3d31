import { isDescribed, type Model } from '../../../domain/model/model.ts'
import { modelName, parseModelRef } from '../../../domain/model-ref.ts'
import type { Viewer } from '../../../domain/people/viewer.ts'
import { StillReading } from '../../../domain/unavailable.ts'
import { usableModels } from '../../request/usable-models.ts'
import type { ApiDeps } from '../api-deps.ts'
import type { Problem } from '../problem.ts'
import { upstreamProblem } from '../upstream-problem.ts'

export type VersionReading =
  | { readonly ok: true; readonly model: Model }
  | { readonly ok: false; readonly problem: Problem }

const unknown = refused(
  'The specified version does not exist (or perhaps you don’t have permission to use it?)',
)

/** The 422 for a version that cannot be run. */
function refused(detail: string): VersionReading {
  return {
    ok: false,
    problem: { title: 'Invalid version or not permitted', detail, status: 422 },
  }
}

/** The model at the version that a request names by 64 hex digits, `owner/name` or `owner/name:ID`. */
export async function findVersion(
  deps: ApiDeps,
  viewer: Viewer,
  text: string,
): Promise<VersionReading> {
  if (/^[\da-f]{64}$/.test(text)) return findById(deps, viewer, text)
  const [name = '', id] = text.split(/:(.*)/s)
  const ref = parseModelRef(name)
  const model = ref && (await usableModels(deps, viewer).find(ref, id))
  if (!model) return unknown
  return id === undefined ? { ok: true, model } : atVersion(deps, model, id)
}

async function findById(deps: ApiDeps, viewer: Viewer, id: string): Promise<VersionReading> {
  const ref = deps.modelOfVersion.get(id) ?? (await ownerOf(deps, id))
  const model = ref && (await usableModels(deps, viewer).find(ref, id))
  if (!ref || !model) return unknown
  deps.modelOfVersion.set(id, ref)
  return atVersion(deps, model, id)
}

async function ownerOf(
  { runner, store, providers }: ApiDeps,
  id: string,
): Promise<Model['ref'] | null> {
  const known = (await runner.models()).find(
    (model) => isDescribed(model) && model.version.id === id,
  )
  const owner =
    known?.ref ?? (await store.modelOfVersion(id)) ?? (await ownerOfEarlier(providers, id))
  const reading = runner.modelsReading()
  if (!owner && reading > 0) throw new StillReading(reading)
  return owner
}

/** The model of an earlier version that can be run, and that nobody has run yet. */
async function ownerOfEarlier(
  providers: ApiDeps['providers'],
  id: string,
): Promise<Model['ref'] | null> {
  const earlier = (await Promise.all(providers.map((one) => one.earlier?.() ?? []))).flat()
  return earlier.find(({ version }) => version === id)?.ref ?? null
}

/** A version other than the current one can be run while the provider still has it. */
async function atVersion(deps: ApiDeps, model: Model, id: string): Promise<VersionReading> {
  const problem = upstreamProblem(model)
  if (problem) return { ok: false, problem }
  if (model.version.id === id && isDescribed(model)) return { ok: true, model }
  const asOf = await deps.runner.findModel(model.ref, id)
  if (asOf?.version.id === id) return { ok: true, model: asOf }
  if (!(await deps.store.findVersion(model.ref, id))) return unknown
  const detail = `${modelName(model.ref)} has changed and no longer runs this version. It now runs ${model.version.id}.`
  return refused(detail)
}
