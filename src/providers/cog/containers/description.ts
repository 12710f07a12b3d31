import { isObject, type Json } from '../../../domain/json/json.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { Description, Descriptions } from '../../descriptions.ts'
import { type OpenApiDocument, versionId, versionOrNull } from './openapi-document.ts'

/** The document of a model, as it is kept for when its containers are off. */
export interface KeptDocument extends OpenApiDocument {
  /** When a container was first seen with it, in milliseconds since 1970. */
  readonly seenAt: number
}

/** Null when there is none. `now` is for one from before times were kept. */
export async function readKept(
  descriptions: Descriptions,
  ref: ModelRef,
  now: number,
): Promise<KeptDocument | null> {
  return readDocument(await descriptions.read(modelName(ref)), now)
}

/** Keeps a document; resolves with the one that is kept, which differs in when it was seen alone. */
export async function keepDocument(
  descriptions: Descriptions,
  ref: ModelRef,
  document: KeptDocument,
): Promise<KeptDocument> {
  const kept = await descriptions.write(modelName(ref), descriptionOf(ref, document))
  const seenAt = readDocument(kept, document.seenAt)?.seenAt ?? document.seenAt
  return { ...document, seenAt }
}

function descriptionOf(ref: ModelRef, document: KeptDocument): Description {
  const { schemas, streams, cogVersion, seenAt } = document
  return {
    edition: `${versionId(ref, document)} ${cogVersion ?? ''}`,
    content: { schemas, streams, cogVersion, seenAt },
  }
}

function readDocument(kept: Json | null, now: number): KeptDocument | null {
  if (!isObject(kept) || !isObject(kept.schemas)) return null
  const { schemas, streams, cogVersion, seenAt } = kept
  return {
    schemas,
    streams: streams === true,
    cogVersion: versionOrNull(cogVersion),
    title: null,
    seenAt: typeof seenAt === 'number' ? seenAt : now,
  }
}
