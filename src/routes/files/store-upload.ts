import type { Deps } from '../../deps.ts'
import { namedFile, type StoredFile } from '../../domain/file/file.ts'

type Content = Parameters<Deps['files']['put']>[0]

/** Stores the content of a file that no prediction uses yet. Rejects with `FileNotKept`. */
export async function storeUpload(
  deps: Deps,
  content: Content,
  name: string,
  most = deps.config.maxUpload,
): Promise<StoredFile> {
  const stored = await deps.files.put(content, Math.min(most, deps.config.maxUpload))
  const file = namedFile(stored, deps.newId(), name)
  await deps.store.addFile(file, deps.now())
  return file
}
