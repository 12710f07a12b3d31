import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredFile } from '../../../domain/file/file.ts'
import type { Run } from '../../provider.ts'
import type { CopiedFile, MadeFile } from '../protocol.ts'

/** Copies the input files of a run into its folder. */
export function copyInputs(run: Run, folder: string): Promise<CopiedFile[]> {
  return copyFiles(run.files, run, folder)
}

/** Copies stored files into a folder, which is created if there are any. */
export async function copyFiles(
  files: readonly StoredFile[],
  run: Pick<Run, 'copyFile'>,
  folder: string,
): Promise<CopiedFile[]> {
  if (files.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 })
  return Promise.all(
    files.map(async (file, index) => {
      const path = join(folder, `${index}-${file.name}`)
      await run.copyFile(file, path)
      return { file, path }
    }),
  )
}

/** The model named a file that does not exist or cannot be read. The message is the run's error. */
export class FileNotMade extends Error {
  constructor(name: string, options: ErrorOptions) {
    super(`The model did not create the file ${name}, or it cannot be read.`, options)
    this.name = 'FileNotMade'
  }
}

/** Stores the files that a model made. Throws `FileNotMade`. */
export async function storeFiles(made: readonly MadeFile[], run: Run): Promise<StoredFile[]> {
  const stored: StoredFile[] = []
  for (const file of made) stored.push(await storeFile(file, run))
  return stored
}

/** Stores a file. Without a `ref` it gets a new one. Throws `FileNotMade`. */
export function storeFile(file: UnstoredFile, run: Run): Promise<StoredFile> {
  return run.keepFile(contentOf(file), file.name, file.ref)
}

type UnstoredFile = Pick<MadeFile, 'path' | 'name'> & { readonly ref?: string }

async function* contentOf({ path, name }: UnstoredFile): AsyncGenerator<Uint8Array> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new Error(`Not a file: ${path}`)
    yield* createReadStream(path)
  } catch (cause) {
    throw new FileNotMade(name, { cause })
  }
}
