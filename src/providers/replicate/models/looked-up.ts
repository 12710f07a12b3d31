import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { canonicalJson, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { createFolderDescriptions, type Descriptions } from '../../descriptions.ts'
import { readModel, readVersion } from '../responses.ts'
import type { LookedUpModel } from './describe.ts'

/** In the folder of the provider. */
export function createLookedUpFolder(folder: string): Descriptions {
  // Neither character is part of a name, so each model has a file of its own.
  return createFolderDescriptions(join(folder, 'models-1'), (key) =>
    key.replace('/', '+').replace(':', '@'),
  )
}

/** Null when there is none, or it cannot be read. */
export async function readKept(
  descriptions: Descriptions,
  key: string,
): Promise<LookedUpModel | null> {
  return readLookedUp(await descriptions.read(key))
}

/** Keeps a model; resolves with the one that is kept, which differs in when it was looked up alone. */
export async function keepLookedUp(
  descriptions: Descriptions,
  key: string,
  looked: LookedUpModel,
): Promise<LookedUpModel> {
  const content = looked as unknown as JsonObject
  const edition = createHash('sha256').update(contentOf(looked)).digest('hex')
  const kept = await descriptions.write(key, { edition, content })
  return kept === content ? looked : (readLookedUp(kept) ?? looked)
}

/** The responses of the service, without the time. */
export function contentOf({ lookedAt, ...content }: LookedUpModel): string {
  return canonicalJson(content as unknown as Json)
}

function readLookedUp(kept: Json | null): LookedUpModel | null {
  try {
    if (!isObject(kept)) return null
    const { model = null, version = null, readme = null, lookedAt } = kept
    return {
      model: readModel(model),
      version: version === null ? null : readVersion(version),
      readme: typeof readme === 'string' ? readme : null,
      lookedAt: Number(lookedAt),
    }
  } catch {
    return null
  }
}
