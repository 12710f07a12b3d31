import type { Deps } from '../../deps.ts'
import { namedFile, type StoredFile } from '../../domain/file/file.ts'

type Content = Parameters<Deps['files']['put']>[0]

/** A file that somebody uploads. */
export interface SentFile {
  readonly content: Content
  readonly name: string
  /** Account of the uploader. */
  readonly account: string
}

/** Stores the content of a file that no prediction uses yet. Rejects with `FileNotKept`. */
export async function storeUpload(
  deps: Deps,
  { content, name, account }: SentFile,
  most = deps.config.maxUpload,
): Promise<StoredFile> {
  const stored = await deps.files.put(content, Math.min(most, deps.config.maxUpload))
  const file = namedFile(stored, deps.newId(), name)
  await deps.store.addFile(file, account, deps.now())
  return file
}
