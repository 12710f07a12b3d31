import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import {
  chmod,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { DescribedSource } from '../library/describe.ts'
import { parseDescription } from '../library/description.ts'
import {
  entriesOf,
  entryNames,
  hashOfFiles,
  isSource,
  type ModelFolder,
  sourceNames,
} from '../library/folders.ts'

/** A source with more files, or more bytes, is not kept. */
const most = { files: 2_000, bytes: 16 * 2 ** 20 } as const

const noteFile = 'version.json'
const descriptionFile = 'description.json'
const sourceFolder = 'source'

/** Begins the names of folders that are still written. */
export const unfinished = '.new-'

const note = z.object({
  hash: z.string(),
  entry: z.enum(entryNames),
  /** Relative paths. */
  files: z.array(z.string()).max(most.files),
  bytes: z.number(),
  changedAt: z.number(),
})

/** The source of a version as it is kept in a folder. */
export type KeptSource = z.output<typeof note>

/**
 * Keeps the source of a model in a folder that does not exist yet: all of it, or nothing. Resolves with null
 * when that is too much, or no longer the source with this hash.
 */
export async function keepSource(
  { path, entry, changedAt }: ModelFolder,
  { hash, description }: DescribedSource,
  target: string,
): Promise<KeptSource | null> {
  const files = await sourceNames(path)
  const bytes = await sizeOf(path, files)
  if (bytes === null) return null
  const folder = join(dirname(target), `${unfinished}${randomUUID()}`)
  try {
    await copyFiles(path, files, join(folder, sourceFolder))
    if ((await hashOfFiles(join(folder, sourceFolder), files)) !== hash) return null
    const kept = note.parse({ hash, entry: basename(entry), files, bytes, changedAt })
    await writeFile(join(folder, descriptionFile), JSON.stringify(description))
    await writeFile(join(folder, noteFile), JSON.stringify(kept))
    await rename(folder, target)
    return kept
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

/** In bytes; null for more than is kept, or when a file is gone. */
async function sizeOf(path: string, files: readonly string[]): Promise<number | null> {
  if (files.length > most.files) return null
  const sizes = await Promise.all(
    files.map((name) =>
      stat(join(path, name)).then(
        ({ size }) => size,
        () => Number.POSITIVE_INFINITY,
      ),
    ),
  )
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return bytes <= most.bytes ? bytes : null
}

async function copyFiles(from: string, files: readonly string[], to: string): Promise<void> {
  const folders = new Set(files.map((name) => dirname(join(to, name))))
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of files) {
    await copyFile(join(from, name), join(to, name), constants.COPYFILE_FICLONE)
    // The model works in this folder, and must not change its source.
    await chmod(join(to, name), 0o400)
  }
}

/** What is kept in a folder; null when that cannot be read. */
export async function readKept(folder: string): Promise<KeptSource | null> {
  const text = await readFile(join(folder, noteFile), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return note.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** What a kept version says of itself; null when that cannot be read. */
export async function readDescribed(folder: string, { hash }: KeptSource) {
  const text = await readFile(join(folder, descriptionFile), 'utf8').catch(() => null)
  const description = text === null ? null : parseDescription(text)
  return description && { hash, description }
}

/** The file that is touched when a kept version is used. */
export function usedFile(folder: string): string {
  return join(folder, noteFile)
}

/** The folder to run a kept version in. */
export function folderOfKept(folder: string, { entry, changedAt, hash }: KeptSource): ModelFolder {
  const path = join(folder, sourceFolder)
  return { path, entry: join(path, entry), signature: hash, changedAt }
}

/**
 * Makes a kept version ready to run: beside its source, links to the other files of the folder that its model
 * is in now. Resolves with whether its source is what it was.
 */
export async function prepareKept(folder: string, kept: KeptSource, home: string) {
  const source = join(folder, sourceFolder)
  if ((await hashOfFiles(source, kept.files)) !== kept.hash) return false
  await linkOthers(home, source)
  return true
}

async function linkOthers(home: string, source: string, below = ''): Promise<void> {
  const [there, here] = await Promise.all([
    entriesOf(join(home, below)),
    entriesOf(join(source, below)),
  ])
  const known = new Map(here.map((entry) => [entry.name, entry]))
  for (const entry of there) {
    const path = join(below, entry.name)
    const own = known.get(entry.name)
    if (own) {
      if (own.isDirectory() && entry.isDirectory()) await linkOthers(home, source, path)
    } else if (entry.isDirectory() || !isSource(path))
      // Another run of it may have just made it.
      await symlink(join(home, path), join(source, path)).catch(() => {})
  }
}
