import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileAt, type StoredFile } from '../../../domain/file/file.ts'
import type { Json } from '../../../domain/json/json.ts'
import { listIn } from '../../../domain/json/parts.ts'
import type { Run } from '../../provider.ts'
import type { OpenAiLimits } from '../limits.ts'
import { NotSendable } from './not-sendable.ts'

export interface InputFilesOptions {
  readonly run: Run
  /** The run's own, for copies of the files. */
  readonly folder: string
  readonly limits: OpenAiLimits
}

export type InputFiles = ReturnType<typeof createInputFiles>

/** The files of a run's input, as copies in a folder. */
export function createInputFiles({ run, folder, limits }: InputFilesOptions) {
  let copies = 0

  /** The path of a new file in the folder. */
  async function newPath(): Promise<string> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return join(folder, String(copies++))
  }

  return {
    newPath,
    /** The files that a field refers to: one, or a list. */
    filesIn(value: Json | undefined): readonly StoredFile[] {
      const all = typeof value === 'string' ? [value] : listIn(value)
      return all.flatMap((one) => fileAt(one, run.files) ?? [])
    },
    /** Copies a file to a path. Throws `NotSendable` for one that is too large. */
    async copy(file: StoredFile, field: string): Promise<string> {
      if (file.size > limits.maxInputBytes) throw tooLarge(field, limits)
      const path = await newPath()
      await run.copyFile(file, path)
      return path
    },
    read: (path: string): Promise<Buffer<ArrayBuffer>> => readFile(path),
    close: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {}),
  }
}

export function tooLarge(field: string, { maxInputBytes }: OpenAiLimits): NotSendable {
  const most = Math.round(maxInputBytes / 2 ** 20)
  return new NotSendable(`${field}: This file is too large. Sandpit sends at most ${most} MB.`)
}
