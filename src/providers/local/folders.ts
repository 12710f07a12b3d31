import { createHash } from 'node:crypto'
import { type Dirent, existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

/** A model's folder as it is now. */
export interface ModelFolder {
  /** Absolute. */
  readonly path: string
  readonly entry: string
  /** Changes when any file in it does. */
  readonly signature: string
}

const entryNames = ['model.ts', 'model.js', 'model.mjs']
const sourceEndings = new Set(['.ts', '.js', '.mjs', '.json', '.wasm'])
const assetEndings = new Set([
  ...['.svg', '.webp', '.png', '.jpg', '.jpeg', '.gif', '.avif', '.mp3', '.wav', '.mp4'],
  ...['.webm', '.csv', '.txt', '.pdf', '.json'],
])

/** The model folders in a folder, by name. A folder that is not there holds none. */
export async function modelFolders(root: string): Promise<ModelFolder[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((): Dirent[] => [])
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
  const found = await Promise.all(folders.map(({ name }) => readFolder(join(root, name))))
  return found.filter((folder) => folder !== null).sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function readFolder(path: string): Promise<ModelFolder | null> {
  const entry = entryNames.map((name) => join(path, name)).find((file) => existsSync(file))
  if (!entry) return null
  const files = await readdir(path, { withFileTypes: true })
  const signs = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async ({ name }) => {
        const { mtimeMs, size } = await stat(join(path, name))
        return `${name}:${mtimeMs}:${size}`
      }),
  )
  return { path, entry, signature: signs.sort().join('\n') }
}

/** SHA-256 of everything in the folder that can change what the model does. */
export async function sourceHash({ path }: ModelFolder): Promise<string> {
  const names = (await readdir(path)).filter((name) => sourceEndings.has(extname(name))).sort()
  const hash = createHash('sha256')
  for (const name of names) hash.update(`${name}\0`).update(await readFile(join(path, name)))
  return hash.digest('hex')
}

export async function readmeIn(path: string): Promise<string | null> {
  return readFile(join(path, 'README.md'), 'utf8').catch(() => null)
}

/** `examples.json`: a list of inputs. A file in it is named relative to the folder, as `./photo.jpg`. */
export async function examplesIn(path: string): Promise<unknown> {
  const text = await readFile(join(path, 'examples.json'), 'utf8').catch(() => null)
  return text === null ? [] : JSON.parse(text)
}

export async function coverIn(path: string): Promise<string | null> {
  const names = await readdir(path)
  return names.find((name) => /^cover\.(?:svg|webp|png|jpe?g|avif)$/.test(name)) ?? null
}

/** The path of a file that a model's page may show; null for its source and anything outside. */
export function assetPath(folder: string, name: string): string | null {
  const plain = basename(name) === name && !name.startsWith('.')
  return plain && assetEndings.has(extname(name)) ? join(folder, name) : null
}
