import { createHash } from 'node:crypto'
import { type Dirent, existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { type Json, parseJson } from '../../../domain/json/json.ts'

/** The current state of a model's folder. */
export interface ModelFolder {
  /** Absolute. */
  readonly path: string
  readonly entry: string
  /** Changes when any file of it changes. */
  readonly signature: string
  /** When its source was last changed, in milliseconds since 1970. */
  readonly changedAt: number
}

/** The files that a model is in, the first that is there. */
export const entryNames = ['model.ts', 'model.js', 'model.mjs'] as const
const examplesFile = 'examples.json'
const exampleOutputFile = 'example-output.json'
/** Examples are no source: a change of them makes no new version. */
const exampleFiles = /^(?:examples|example-output(?:-\d+)?)\.json$/
/** Changes when packages are installed in the folder: a missing one may be there now. */
const installed = join('node_modules', '.package-lock.json')
const sourceEndings = new Set(['.ts', '.js', '.mjs', '.json', '.wasm'])
const assetEndings = new Set([
  ...['.svg', '.webp', '.png', '.jpg', '.jpeg', '.gif', '.avif', '.mp3', '.wav', '.mp4'],
  ...['.webm', '.csv', '.txt', '.pdf', '.json'],
])

/** The model folders in a folder, sorted by name; none when the folder does not exist. */
export async function modelFolders(root: string): Promise<ModelFolder[]> {
  const folders = (await entriesOf(root)).filter(
    (entry) => entry.isDirectory() || entry.isSymbolicLink(),
  )
  const found = await Promise.all(folders.map(({ name }) => modelFolderAt(join(root, name))))
  return found.filter((folder) => folder !== null).sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The model folder at a path; null when there is no model in it. */
export async function modelFolderAt(path: string): Promise<ModelFolder | null> {
  const entry = entryNames.map((name) => join(path, name)).find((file) => existsSync(file))
  if (!entry) return null
  const [files, sources] = await Promise.all([plainFilesIn(path), sourcesIn(path)])
  const looked = [...new Set([...files, ...sources, installed])].sort()
  const stats = await Promise.all(
    looked.map(async (name) => ({
      name,
      found: await stat(join(path, name)).catch(() => null),
    })),
  )
  const signs = stats.map(({ name, found }) =>
    found ? `${name}:${found.mtimeMs}:${found.size}` : '',
  )
  const changes = stats.map(({ name, found }) =>
    found && sources.includes(name) ? Math.floor(found.mtimeMs) : 0,
  )
  return { path, entry, signature: signs.join('\n'), changedAt: Math.max(...changes) }
}

/** SHA-256 of all source files of the folder. */
export async function sourceHash({ path }: ModelFolder): Promise<string> {
  return hashOfFiles(path, await sourceNames(path))
}

/** Relative paths of the source files of a folder, in the order in which they are hashed. */
export async function sourceNames(path: string): Promise<readonly string[]> {
  return (await sourcesIn(path)).sort()
}

/** SHA-256 of some files of a folder. */
export async function hashOfFiles(path: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const name of names)
    hash.update(`${name}\0`).update(await readFile(join(path, name)).catch(() => ''))
  return hash.digest('hex')
}

async function plainFilesIn(path: string): Promise<string[]> {
  return (await entriesOf(path)).filter((entry) => !entry.isDirectory()).map(({ name }) => name)
}

/** Relative paths of the model's source files, including those in subfolders. */
async function sourcesIn(root: string, below = ''): Promise<string[]> {
  const found = (await entriesOf(join(root, below))).map(async (entry) => {
    const path = join(below, entry.name)
    if (entry.isDirectory()) return isForeign(entry.name) ? [] : sourcesIn(root, path)
    return isSource(path) ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

/** Whether a file, by its path in the folder, is a part of the version. */
export function isSource(path: string): boolean {
  return sourceEndings.has(extname(path)) && !exampleFiles.test(path)
}

function isForeign(folder: string): boolean {
  return folder === 'node_modules' || folder.startsWith('.')
}

/** The entries of a folder; none when it does not exist. */
export function entriesOf(path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true }).catch(() => [])
}

export async function readmeIn(path: string): Promise<string | null> {
  return readFile(join(path, 'README.md'), 'utf8').catch(() => null)
}

/** The content of `examples.json`: a list of inputs. Files have paths in the folder: `./photo.jpg`. */
export async function examplesIn(path: string): Promise<Json> {
  const text = await readFile(join(path, examplesFile), 'utf8').catch(() => null)
  return text === null ? [] : parseJson(text)
}

/** The content of `example-output.json`; null when there is none. */
export async function exampleOutputIn(path: string): Promise<Json> {
  const text = await readFile(join(path, exampleOutputFile), 'utf8').catch(() => null)
  return text === null ? null : parseJson(text)
}

export async function coverIn(path: string): Promise<string | null> {
  const names = await plainFilesIn(path)
  return names.find((name) => /^cover\.(?:svg|webp|png|jpe?g|avif)$/.test(name)) ?? null
}

/** The path of a file that a model's page may show; null for source files, and for files elsewhere. */
export function assetPath(folder: string, name: string): string | null {
  const plain = basename(name) === name && !name.startsWith('.') && !name.includes('\0')
  return plain && assetEndings.has(extname(name)) ? join(folder, name) : null
}
