import { isDown, type Model, type Undescribed } from '../../../domain/model/model.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { readSchema } from '../../../domain/schema/schema.ts'
import type { Container } from './container.ts'
import { sentenceOf, warmthOf } from './health.ts'
import { type Document, versionId } from './openapi-document.ts'

export interface Described {
  readonly ref: ModelRef
  /** Null when no container ever said what it takes. */
  readonly document: Document | null
  readonly containers: readonly Container[]
  /** Milliseconds since 1970. */
  readonly now: number
}

const nothing: Document = {
  schemas: { Input: { type: 'object', properties: {} } },
  streams: false,
  cogVersion: null,
  title: null,
}

/** A model in containers. That it may run again is said in the docs: nobody can ask how it ended. */
export function describedModel({ ref, document, containers, now }: Described): Model {
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
      createdAt: now,
      ...(cogVersion === null ? {} : { cogVersion }),
    },
    cover: null,
    readme: null,
    examples: [],
    limits: { copies: Math.max(1, containers.length), timeoutMs: null, rerun: true },
    broken: document ? null : undescribed(containers),
    undescribed: document ? null : whyUndescribed(containers),
  }
}

function whyUndescribed(containers: readonly Container[]): Undescribed {
  const seen = containers.flatMap((container) => container.health() ?? [])
  const failed = seen.length > 0 && seen.every(({ condition }) => isDown(warmthOf[condition]))
  return failed ? 'refused' : 'away'
}

/** Why nobody knows what a model takes. */
export function undescribed(containers: readonly Container[]): string {
  for (const container of containers) {
    const health = container.health()
    const sentence = health && sentenceOf(container.origin, health)
    if (sentence) return sentence
  }
  return 'Its container is starting and has not sent its schema yet. Reload the page in a moment.'
}
