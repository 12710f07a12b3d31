import { createHash } from 'node:crypto'
import { canonicalJson, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { textIn } from '../../../domain/json/parts.ts'
import { type Model, unpresented, versionContent } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { readSchema } from '../../../domain/schema/schema.ts'
import type { Descriptions } from '../../descriptions.ts'

/** What a model takes and makes, as it is kept for when its apps are off. */
export interface Described {
  readonly schemas: JsonObject
  readonly description: string
  /** When an app was first seen with these schemas, in milliseconds since 1970. */
  readonly seenAt: number
}

export function versionId(ref: ModelRef, schemas: JsonObject): string {
  const content = canonicalJson(versionContent(ref, schemas))
  return createHash('sha256').update(content).digest('hex')
}

export interface DescribeOptions {
  readonly ref: ModelRef
  /** Null while that is not known. */
  readonly described: Described | null
  /** How many places it has: an app runs a function once at a time unless its code says otherwise. */
  readonly places: number
  /** Why it cannot run, as a sentence; null when it can. */
  readonly broken: string | null
  /** Milliseconds since 1970. */
  readonly now: number
}

/** An interrupted run may run again: an app stops the work of a connection that is lost. */
export function describeModel(options: DescribeOptions): Model {
  const { ref, described, places, broken, now } = options
  const { schemas, description, seenAt } = described ?? { ...nothing, seenAt: now }
  return {
    ref,
    provider: 'gradio',
    description,
    version: {
      id: versionId(ref, schemas),
      model: ref,
      provider: 'gradio',
      schema: readSchema(schemas),
      createdAt: seenAt,
    },
    cover: null,
    readme: null,
    ...unpresented,
    examples: [],
    limits: { copies: Math.max(1, places), timeoutMs: null, rerun: true },
    broken,
    undescribed: described ? null : 'away',
  }
}

const nothing = { schemas: { Input: { type: 'object', properties: {} } }, description: '' }

/** Null when there is none. */
export async function readDescribed(
  descriptions: Descriptions,
  ref: ModelRef,
  now: number,
): Promise<Described | null> {
  return describedIn(await descriptions.read(modelName(ref)), now)
}

/** Keeps what an app said; resolves with what is kept, which differs in when it was seen alone. */
export async function keepDescribed(
  descriptions: Descriptions,
  ref: ModelRef,
  described: Described,
): Promise<Described> {
  const { schemas, description, seenAt } = described
  const kept = await descriptions.write(modelName(ref), {
    edition: `${versionId(ref, schemas)} ${description}`,
    content: { schemas, description, seenAt },
  })
  return { ...described, seenAt: describedIn(kept, seenAt)?.seenAt ?? seenAt }
}

function describedIn(kept: Json | null, now: number): Described | null {
  if (!isObject(kept)) return null
  const { schemas, description, seenAt } = kept
  if (!isObject(schemas)) return null
  const at = typeof seenAt === 'number' ? seenAt : now
  return { schemas, description: textIn(description), seenAt: at }
}
