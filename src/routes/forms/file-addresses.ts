import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { fileRef, fileUri, type StoredFile } from '../../domain/file/file.ts'
import type { Entry } from '../../domain/form/fields/field-type.ts'
import { takesFiles } from '../../domain/form/fields/index.ts'
import type { Submission } from '../../domain/form/form.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { findFile } from '../files/find-file.ts'
import { modelAssetInAddress, storeModelAsset } from '../files/model-asset.ts'
import { sameOriginPath } from '../request/same-origin.ts'
import { usableModels } from '../request/usable-models.ts'

interface ResolvedInputs {
  readonly inputs: Submission
  /** The files that replaced URLs. */
  readonly kept: readonly StoredFile[]
}

/** Finds the stored file that a URL names; null when the URL is not ours, or the file is gone. */
type FindFile = (address: string) => Promise<StoredFile | null>

/** Replaces the URLs of stored files by references, in inputs that take files. */
export async function resolveFileAddresses(
  schema: Pick<ModelSchema, 'input'>,
  inputs: Submission,
  find: FindFile,
): Promise<ResolvedInputs> {
  const kept: StoredFile[] = []
  async function own(entry: Entry): Promise<Entry> {
    const found = typeof entry === 'string' ? await find(entry.trim()) : null
    if (!found) return entry
    kept.push(found)
    return fileUri(found)
  }
  const changed = new Map(inputs)
  for (const property of schema.input) {
    const entries = inputs.get(property.name)
    if (entries && takesFiles(property))
      changed.set(property.name, await Promise.all(entries.map(own)))
  }
  return { inputs: changed, kept }
}

/** Whether a text names a stored file, or one that a model brings. */
export function isFileAddress(text: string, c: Context, deps: Deps): boolean {
  return (refInAddress(text, c, deps) ?? modelAssetInAddress(text, c, deps)) !== null
}

/** The stored file that a URL of ours or `sandpit:REF` names, if the viewer may see it. Stores nothing. */
export async function findStoredFile(
  text: string,
  c: Context,
  deps: Deps,
  viewer: Viewer,
): Promise<StoredFile | null> {
  const ref = refInAddress(text, c, deps)
  return ref === null ? null : findFile(ref, deps, viewer)
}

/** The same; a file that a model brings is stored first. */
export async function findOrStoreFile(
  text: string,
  c: Context,
  deps: Deps,
  viewer: Viewer,
): Promise<StoredFile | null> {
  const asset = modelAssetInAddress(text, c, deps)
  if (asset === null) return findStoredFile(text, c, deps, viewer)
  const model = await usableModels(deps, viewer).find(asset.ref)
  return model && storeModelAsset(deps, model, asset.name, viewer.id)
}

/** The reference in the URL of a file on a page or in the API, or in `sandpit:REF`. */
function refInAddress(text: string, c: Context, deps: Deps): string | null {
  const path = sameOriginPath(text, c, deps)
  return path === null ? fileRef(text) : fileRefInPath(path)
}

/** The reference in a path of ours. */
export function fileRefInPath(path: string): string | null {
  return /^\/(?:s\/[^/]+\/|v1\/)?files\/([a-z2-7]{26})(?:$|\/)/.exec(path)?.[1] ?? null
}
