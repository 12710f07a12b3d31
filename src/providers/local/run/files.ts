import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredFile } from '../../../domain/file/file.ts'
import type { Run } from '../../provider.ts'
import type { CopiedFile, MadeFile } from '../protocol.ts'

/** Gives a run its own copies of the files that came in. */
export function copyInputs(run: Run, folder: string): Promise<CopiedFile[]> {
  return copyFiles(run.files, run, folder)
}

/** Copies stored files into a folder, which is made when there are any. */
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

/** A model's fault, said to whoever waits for its result. */
export class FileNotMade extends Error {
  constructor(name: string, options: ErrorOptions) {
    super(`The model did not create the file ${name}, or it cannot be read.`, options)
    this.name = 'FileNotMade'
  }
}

/** Keeps what the model says it made. Throws `FileNotMade` when that is not a file, or not there. */
export async function storeFiles(made: readonly MadeFile[], run: Run): Promise<StoredFile[]> {
  const kept: StoredFile[] = []
  for (const file of made) kept.push(await storeFile(file, run))
  return kept
}

/** A file without a reference is given one. */
export function storeFile(file: Waiting, run: Run): Promise<StoredFile> {
  return run.keepFile(contentOf(file), file.name, file.ref)
}

type Waiting = Pick<MadeFile, 'path' | 'name'> & { readonly ref?: string }

async function* contentOf({ path, name }: Waiting): AsyncGenerator<Uint8Array> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new Error(`Not a file: ${path}`)
    yield* createReadStream(path)
  } catch (cause) {
    throw new FileNotMade(name, { cause })
  }
}
