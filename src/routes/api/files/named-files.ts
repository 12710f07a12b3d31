import type { StoredFile } from '../../../domain/file/file.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import { stringsIn } from '../../../domain/json/walk.ts'
import { findOrStoreFile, isFileAddress } from '../../forms/file-addresses.ts'
import type { ApiDeps } from '../api-deps.ts'
import type { ApiContext } from '../route.ts'

/** The most files that are looked for in one input. */
const mostNamed = 500

/**
 * The stored files that an input names, by their address or by reference. A file that a model brings
 * with its examples is stored first, so that the input of an example can be sent unchanged.
 */
export async function filesNamedIn(
  input: JsonObject,
  c: ApiContext,
  deps: ApiDeps,
): Promise<ReadonlyMap<string, StoredFile>> {
  const named = new Set<string>()
  for (const text of stringsIn(input))
    if (named.size < mostNamed && isFileAddress(text, c, deps)) named.add(text)
  const found = new Map<string, StoredFile>()
  for (const text of named) {
    const file = await findOrStoreFile(text, c, deps, c.get('viewer'))
    if (file) found.set(text, file)
  }
  return found
}
