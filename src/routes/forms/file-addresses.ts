import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { fileRef, fileUri, type StoredFile } from '../../domain/file/file.ts'
import type { Entry } from '../../domain/form/fields/field-type.ts'
import { takesFiles } from '../../domain/form/fields/index.ts'
import type { Submission } from '../../domain/form/form.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { modelAssetInAddress, storeModelAsset } from '../files/model-asset.ts'
import { sameOriginPath } from '../request/same-origin.ts'

interface WithOwnFiles {
  readonly inputs: Submission
  /** The files that the inputs now refer to. */
  readonly kept: readonly StoredFile[]
}

/** Finds the file of ours that an address stands for; null when it is not ours, or there is none. */
type FindFile = (address: string) => Promise<StoredFile | null>

/** Puts a reference in place of the address of one of our own files, where an input takes files. */
export async function resolveFileAddresses(
  schema: ModelSchema,
  inputs: Submission,
  find: FindFile,
): Promise<WithOwnFiles> {
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

/** Whether a text stands for a file of ours, or for one that a model brings. */
export function isFileAddress(text: string, c: Context, deps: Deps): boolean {
  return (refInAddress(text, c, deps) ?? modelAssetInAddress(text, c, deps)) !== null
}

/** The stored file that an address of ours or `sandpit:REF` stands for. Nothing is written. */
export async function findStoredFile(
  text: string,
  c: Context,
  deps: Deps,
): Promise<StoredFile | null> {
  const ref = refInAddress(text, c, deps)
  return ref === null ? null : ((await deps.store.findFile(ref))?.file ?? null)
}

/** The same; a file that a model brings with its examples is kept first, as an upload is. */
export async function findOrStoreFile(
  text: string,
  c: Context,
  deps: Deps,
): Promise<StoredFile | null> {
  const asset = modelAssetInAddress(text, c, deps)
  if (asset === null) return findStoredFile(text, c, deps)
  const model = await deps.runner.findModel(asset.ref)
  return model && storeModelAsset(deps, model, asset.name)
}

/** The reference in an address that a page or the API gave for a file, or in `sandpit:REF`. */
function refInAddress(text: string, c: Context, deps: Deps): string | null {
  const path = sameOriginPath(text, c, deps)
  return path === null ? fileRef(text) : fileRefInPath(path)
}

/** The same in a path of ours. */
export function fileRefInPath(path: string): string | null {
  return /^\/(?:s\/[^/]+\/|v1\/)?files\/([a-z2-7]{26})(?:$|\/)/.exec(path)?.[1] ?? null
}
