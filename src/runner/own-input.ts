import { fileUri, type StoredFile, safeFileName } from '../domain/file/file.ts'
import type { JsonObject } from '../domain/json/json.ts'
import { mapStrings } from '../domain/json/walk.ts'
import type { ModelSchema } from '../domain/schema/schema.ts'
import type { RunnerOptions } from './options.ts'
import { keepData } from './run/input-files.ts'

/** An input, and the stored files that it refers to. */
export interface GivenInput {
  readonly input: JsonObject
  readonly files: readonly StoredFile[]
}

/** Makes an input one that can be kept: its large `data:` URIs are files, and its references to files its own. */
export type OwnInput = (schema: ModelSchema, given: GivenInput) => Promise<GivenInput>

export function createOwnInput({
  store,
  files,
  maxFileBytes,
  newId,
}: Pick<RunnerOptions, 'store' | 'files' | 'maxFileBytes' | 'newId'>): OwnInput {
  async function keep(content: AsyncIterable<Uint8Array>, name: string): Promise<StoredFile> {
    const stored = await files.put(content, maxFileBytes)
    return { ...stored, ref: newId(), name: safeFileName(name) }
  }

  /** Files of others get a new reference, which is removed with this input. */
  async function ownFiles({ input, files: given }: GivenInput): Promise<GivenInput> {
    const replaced = new Map<string, StoredFile>()
    for (const file of given) {
      const known = await store.findFile(file.ref)
      replaced.set(fileUri(file), known?.prediction === null ? file : { ...file, ref: newId() })
    }
    return {
      input: mapStrings(input, (text) => {
        const file = replaced.get(text)
        return file ? fileUri(file) : text
      }),
      files: [...replaced.values()],
    }
  }

  return async (schema, { input, files: given }) => {
    const { input: short, files: kept } = await keepData(schema, input, keep)
    return ownFiles({ input: short, files: kept.length === 0 ? given : [...given, ...kept] })
  }
}
