import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file.ts'
import { isList, isObject, type Json, type JsonObject } from '../../domain/json.ts'
import { assetInAddress, keepAsset } from '../model-asset.ts'
import { refInAddress } from '../own-files.ts'

/** More files than this are not looked for in one input. */
const mostNamed = 500

/**
 * Our own files that an input names, by an address of theirs or by reference. A file that a model
 * brings with its examples is kept first, so that what an example holds can be sent as it is.
 */
export async function filesNamedIn(
  input: JsonObject,
  deps: Deps,
): Promise<ReadonlyMap<string, StoredFile>> {
  const named = new Set<string>()
  collect(input, named)
  const found = new Map<string, StoredFile>()
  for (const text of named) {
    const file = await fileNamed(text, deps)
    if (file) found.set(text, file)
  }
  return found
}

async function fileNamed(text: string, deps: Deps): Promise<StoredFile | null> {
  const ref = refInAddress(text)
  if (ref !== null) return (await deps.store.findFile(ref))?.file ?? null
  const asset = assetInAddress(text)
  const model = asset && (await deps.runner.findModel(asset.ref))
  return model && keepAsset(deps, model, asset.name)
}

function collect(value: Json, named: Set<string>): void {
  if (typeof value === 'string') {
    const isOwn = named.size < mostNamed && (refInAddress(value) ?? assetInAddress(value)) !== null
    if (isOwn) named.add(value)
  } else if (isList(value)) for (const item of value) collect(item, named)
  else if (isObject(value)) for (const item of Object.values(value)) collect(item, named)
}
