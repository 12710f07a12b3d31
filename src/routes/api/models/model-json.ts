import { isoTime } from '../../../../views/format.tsx'
import type { JsonObject } from '../../../domain/json/json.ts'
import { statedCogVersion } from '../../../domain/model/cog-version.ts'
import { modelDocument } from '../../../domain/model/document.ts'
import { isDescribed, type Version } from '../../../domain/model/model.ts'
import { modelName } from '../../../domain/model-ref.ts'
import { originOf } from '../../request/page.tsx'
import type { ApiDeps } from '../api-deps.ts'
import type { ApiContext } from '../route.ts'
import { defaultExampleJson } from './examples.ts'
import type { ListedModel } from './listed-models.ts'

/** Models in Replicate’s format. */
export async function modelsJson(
  c: ApiContext,
  deps: ApiDeps,
  listed: readonly ListedModel[],
): Promise<JsonObject[]> {
  const runs = await deps.store.runCounts()
  return Promise.all(listed.map((one) => modelJson(c, deps, one, runs)))
}

async function modelJson(
  c: ApiContext,
  deps: ApiDeps,
  { ref, model, about }: ListedModel,
  runs: ReadonlyMap<string, number>,
): Promise<JsonObject> {
  const origin = originOf(c, deps)
  const cover = about.cover ? `${origin}${deps.paths.modelFile(ref, about.cover)}` : null
  const example = model && (await defaultExampleJson(c, deps, model))
  return {
    url: `${origin}${deps.paths.model(ref)}`,
    owner: ref.owner,
    name: ref.name,
    description: model ? about.description : about.description || null,
    visibility: about.visibility,
    is_official: false,
    github_url: about.links.github,
    paper_url: about.links.paper,
    license_url: about.links.license,
    run_count: runs.get(modelName(ref)) ?? 0,
    cover_image_url: about.externalCover ?? cover,
    default_example: example,
    latest_version: model && isDescribed(model) ? versionJson(model.version) : null,
  }
}

export function versionJson({ id, createdAt, cogVersion, schema }: Version): JsonObject {
  return {
    id,
    created_at: isoTime(createdAt),
    cog_version: statedCogVersion(cogVersion ?? null),
    openapi_schema: modelDocument(schema.schemas),
  }
}
