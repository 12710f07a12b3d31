import type { JsonObject } from '../../../domain/json/json.ts'
import { statedCogVersion } from '../../../domain/model/cog-version.ts'
import { modelDocument } from '../../../domain/model/document.ts'
import { isDescribed, type Version } from '../../../domain/model/model.ts'
import { noDetails } from '../../../domain/model/record.ts'
import { modelName } from '../../../domain/model-ref.ts'
import { originOf } from '../../request/page.tsx'
import type { ApiDeps } from '../api-deps.ts'
import type { ApiContext } from '../route.ts'
import { examplesJson } from './examples.ts'
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
  { ref, model, record }: ListedModel,
  runs: ReadonlyMap<string, number>,
): Promise<JsonObject> {
  const details = record?.details ?? noDetails
  const origin = originOf(c, deps)
  const cover = model?.cover ? `${origin}${deps.paths.modelFile(ref, model.cover)}` : null
  const [example] = model ? await examplesJson(c, deps, model, 1) : []
  return {
    url: `${origin}${deps.paths.model(ref)}`,
    owner: ref.owner,
    name: ref.name,
    description: model?.description ?? details.description,
    visibility: details.visibility,
    is_official: false,
    github_url: details.githubUrl,
    paper_url: details.paperUrl,
    license_url: details.licenseUrl,
    run_count: runs.get(modelName(ref)) ?? 0,
    cover_image_url: details.coverImageUrl ?? cover,
    default_example: example ?? null,
    latest_version: model && isDescribed(model) ? versionJson(model.version) : null,
  }
}

export function versionJson({ id, createdAt, cogVersion, schema }: Version): JsonObject {
  return {
    id,
    created_at: new Date(createdAt).toISOString(),
    cog_version: statedCogVersion(cogVersion ?? null),
    openapi_schema: modelDocument(schema.schemas),
  }
}
