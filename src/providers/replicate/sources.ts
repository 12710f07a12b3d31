import { z } from 'zod'
import type { ModelSource } from '../../domain/model/record.ts'
import { modelName } from '../../domain/model-ref.ts'
import { foundSource, type ModelSources, type ProbeText, sourceField } from '../model-sources.ts'

/** The version that a source names; null for the latest, and for a source of another provider. */
export function versionIn(source: ModelSource | null): string | null {
  return source?.provider === 'replicate' && typeof source.version === 'string'
    ? source.version
    : null
}

/** The model of the same name at the service; null for its latest version. */
export function replicateSource(version: string | null): ModelSource {
  return { provider: 'replicate', version }
}

const versionSchema = z
  .union([z.literal(true), z.string().max(200)])
  .describe(
    'The model of the same name at Replicate: `true` for its latest version, or a version’s id.',
  )

const notFound = 'Replicate has no such model, or REPLICATE_API_TOKEN is not set'

/** Models at Replicate that operators name. */
export function createReplicateSources(probe: ProbeText): ModelSources {
  return {
    hint: {
      title: 'At Replicate',
      noun: 'the name or page URL of a model at Replicate',
      text: '`owner/name`, or the URL of its page. It runs on the account that `REPLICATE_API_TOKEN` belongs to.',
    },
    fields: {
      replicate: sourceField(versionSchema, async (asked, ref) => {
        const version = asked === true ? null : asked
        const name = version === null ? modelName(ref) : `${modelName(ref)}:${version}`
        const found = foundSource(await probe(name), notFound)
        return found.ok ? { ...found, source: replicateSource(version) } : found
      }),
    },
    urls: () => [],
    add: ({ source }) => ({ source }),
  }
}

export const keepsName = 'A model at Replicate keeps its name.'
