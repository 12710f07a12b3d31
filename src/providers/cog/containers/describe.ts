import { isDown, type Model, type Undescribed, unpresented } from '../../../domain/model/model.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { readSchema } from '../../../domain/schema/schema.ts'
import type { Container } from './container.ts'
import { conditionSentence, conditionWarmth } from './health.ts'
import { type OpenApiDocument, versionId } from './openapi-document.ts'

export interface DescribeOptions {
  readonly ref: ModelRef
  /** Null when no container has sent one. */
  readonly document: OpenApiDocument | null
  readonly containers: readonly Container[]
  /** When its document was first seen, in milliseconds since 1970. */
  readonly createdAt: number
}

const nothing: OpenApiDocument = {
  schemas: { Input: { type: 'object', properties: {} } },
  streams: false,
  cogVersion: null,
  title: null,
}

/** Describes a model in containers. An interrupted run of it may run again, as the docs say. */
export function describeModel({ ref, document, containers, createdAt }: DescribeOptions): Model {
  const { schemas, cogVersion } = document ?? nothing
  const id = versionId(ref, document ?? nothing)
  return {
    ref,
    provider: 'cog',
    description: '',
    version: {
      id,
      model: ref,
      provider: 'cog',
      schema: readSchema(schemas),
      createdAt,
      ...(cogVersion === null ? {} : { cogVersion }),
    },
    cover: null,
    readme: null,
    ...unpresented,
    examples: [],
    limits: { copies: Math.max(1, containers.length), timeoutMs: null, rerun: true },
    broken: document ? null : missingSchemaSentence(containers),
    undescribed: document ? null : whyUndescribed(containers),
  }
}

function whyUndescribed(containers: readonly Container[]): Undescribed {
  const seen = containers.flatMap((container) => container.health() ?? [])
  const failed =
    seen.length > 0 && seen.every(({ condition }) => isDown(conditionWarmth[condition]))
  return failed ? 'refused' : 'away'
}

/** Why the schema of a model is not known, as a sentence. */
export function missingSchemaSentence(containers: readonly Container[]): string {
  for (const container of containers) {
    const health = container.health()
    const sentence = health && conditionSentence(container.origin, health)
    if (sentence) return sentence
  }
  return 'Its container is starting and has not sent its schema yet. Reload the page in a moment.'
}
