import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileRef, fileUri, safeFileName } from '../../../domain/file/file.ts'
import { newId } from '../../../domain/id.ts'
import { formatJson, type Json } from '../../../domain/json/json.ts'
import { mapStrings } from '../../../domain/json/walk.ts'
import { isLarge } from '../../../domain/output/large-output.ts'
import { createFileExtractor } from '../../file-extractor.ts'
import { writeOutput } from '../../write-output.ts'
import type { CopiedFile, MadeFile, SpilledOutput } from '../protocol.ts'
import { asModelFile, isModelFile, type ModelFile } from './define-model.ts'

interface OwnFiles {
  /** The run's own: created when it is first needed, removed when the run is over. */
  readonly folder: string
  readonly files: readonly CopiedFile[]
}

export type RunFiles = ReturnType<typeof createRunFiles>

/** The run's files: inputs as objects with a path, outputs as references. */
export function createRunFiles({ folder, files }: OwnFiles) {
  const received = new Map(files.map(({ file, path }) => [file.ref, toModelFile(file, path)]))
  const unwritten = new Map<ModelFile, Uint8Array>()

  function ownFolder(): string {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  function create(content: Uint8Array | string, { name }: { readonly name: string }): ModelFile {
    const own = typeof content !== 'string'
    const path = own ? join(ownFolder(), newId(randomBytes(16))) : resolve(folder, content)
    if (!own && !existsSync(path)) throw new Error(`There is no file at ${path}`)
    const file = asModelFile({ name: safeFileName(name), path })
    if (own) unwritten.set(file, content)
    return file
  }

  function toInput(json: Json): unknown {
    return mapStrings(json, (text) => received.get(fileRef(text) ?? '') ?? text)
  }

  async function toOutput(value: unknown, made: MadeFile[]): Promise<Json | undefined> {
    if (isModelFile(value)) return keep(value, made)
    if (Array.isArray(value))
      return Promise.all(value.map(async (item) => (await toOutput(item, made)) ?? null))
    if (typeof value !== 'object' || value === null) return value as Json | undefined
    if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON() as Json
    const entries = Object.entries(value).map(
      async ([key, item]) => [key, await toOutput(item, made)] as const,
    )
    return Object.fromEntries(
      (await Promise.all(entries)).flatMap(([key, item]) =>
        item === undefined ? [] : [[key, item]],
      ),
    )
  }

  async function keep(file: ModelFile, made: MadeFile[]): Promise<string> {
    const content = unwritten.get(file)
    if (content) await writeFile(file.path, content)
    unwritten.delete(file)
    const ref = newId(randomBytes(16))
    made.push({ ref, name: file.name, path: file.path })
    return fileUri({ ref, name: file.name })
  }

  return {
    create,
    ownFolder,
    /** A value with a file object in place of each reference. `more` adds files that came with it. */
    receive(json: Json, more: readonly CopiedFile[] = []): unknown {
      for (const { file, path } of more) received.set(file.ref, toModelFile(file, path))
      return toInput(json)
    },
    /** A value as JSON, and the files that it refers to. A large value holds no files as data. */
    async send(value: unknown) {
      const made: MadeFile[] = []
      const output = await toOutput(value, made)
      if (output === undefined || !isLarge(output)) return { value: output, made }
      const extractor = createFileExtractor(ownFolder(), newId(randomBytes(16)))
      const extracted = extractor.extract(output)
      return { value: extracted, made: [...made, ...extractor.files()] }
    },
    /** Writes a large output to a file. */
    spill(value: Json): SpilledOutput {
      const path = join(ownFolder(), newId(randomBytes(16)))
      const excerpt = formatJson({ ...writeOutput(value, path) })
      return { path, size: statSync(path).size, excerpt }
    },
  }
}

function toModelFile({ name, type }: CopiedFile['file'], path: string): ModelFile {
  return asModelFile({ name, type, path })
}
