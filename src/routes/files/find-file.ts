import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file/file.ts'

/** The stored file of a reference, with the size of a picture; null when it is gone. */
export async function findFile(
  ref: string,
  { store, files }: Pick<Deps, 'store' | 'files'>,
): Promise<StoredFile | null> {
  const found = await store.findFile(ref)
  if (!found) return null
  const pixels = await files.pixels(found.file)
  return pixels ? { ...found.file, pixels } : found.file
}
