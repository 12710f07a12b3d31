import type { z } from '@hono/zod-openapi'
import { type JsonObject, sameJson } from '../../../domain/json/json.ts'
import type { ModelSource } from '../../../domain/model/record.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { Probed } from '../../../providers/provider.ts'
import type { ApiDeps } from '../api-deps.ts'
import { invalid, type Problem } from '../problem.ts'
import type { newVersionSchema } from './model-schemas.ts'

type Asked = z.output<typeof newVersionSchema>

export type FoundSource =
  | {
      readonly ok: true
      readonly source: ModelSource
      /** What the model takes and makes there. */
      readonly schemas: JsonObject
    }
  | { readonly ok: false; readonly problem: Problem }

/** Looks where a model is said to run, and says what to keep of that. */
export async function findSource(deps: ApiDeps, ref: ModelRef, asked: Asked): Promise<FoundSource> {
  if (asked.folder !== undefined) return foundIn(deps, 'local', 'folder', asked.folder)
  if (asked.replicate !== undefined) {
    const version = asked.replicate === true ? null : asked.replicate
    const name = version === null ? modelName(ref) : `${modelName(ref)}:${version}`
    const found = await foundIn(deps, 'replicate', 'replicate', name)
    return found.ok ? { ...found, source: { provider: 'replicate', version } } : found
  }
  const field = asked.cog_url === undefined ? 'cog_urls' : 'cog_url'
  return foundInContainers(deps, field, asked.cog_urls ?? [asked.cog_url ?? ''])
}

/** Several containers are one model only when they take and make the same. */
async function foundInContainers(
  deps: ApiDeps,
  field: string,
  addresses: readonly string[],
): Promise<FoundSource> {
  const urls = new Set<string>()
  let first: JsonObject | null = null
  for (const address of addresses) {
    const probed = await probe(deps, 'cog', address)
    if (!probed?.model) return refused(field, sentenceOf(probed, 'cog'))
    const { schemas } = probed.model.version.schema
    first ??= schemas
    if (!sameJson(schemas, first))
      return refused(field, `${address} has a different schema from the first`)
    if (probed.source.provider === 'cog') for (const url of probed.source.urls) urls.add(url)
  }
  return { ok: true, source: { provider: 'cog', urls: [...urls] }, schemas: first ?? {} }
}

async function foundIn(
  deps: ApiDeps,
  provider: string,
  field: string,
  text: string,
): Promise<FoundSource> {
  const probed = await probe(deps, provider, text)
  if (!probed?.model) return refused(field, sentenceOf(probed, provider))
  return { ok: true, source: probed.source, schemas: probed.model.version.schema.schemas }
}

async function probe({ providers }: ApiDeps, name: string, text: string): Promise<Probed | null> {
  return (await providers.find((one) => one.name === name)?.probe(text)) ?? null
}

const nothingFound: Readonly<Record<string, string>> = {
  local: 'This is not the absolute path of a model folder',
  cog: 'There is no Cog container at this address',
  replicate: 'Replicate has no such model, or REPLICATE_API_TOKEN is not set',
}

function sentenceOf(probed: Probed | null, provider: string): string {
  if (probed && probed.model === null) return probed.sentence
  return nothingFound[provider] ?? 'There is no model'
}

function refused(field: string, description: string): FoundSource {
  return { ok: false, problem: invalid([{ type: 'invalid', field, description }]) }
}
