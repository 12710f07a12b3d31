import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { namedFile, type StoredFile } from '../../domain/file/file.ts'
import { isFileName } from '../../domain/group/batch-row.ts'
import { shortened } from '../../domain/json/excerpt.ts'
import { findOrStoreFile } from '../forms/file-addresses.ts'
import { ensureViewer } from '../request/viewer.ts'
import type { ZippedFile } from './stored-zip.ts'
import { UnreadableRows } from './text-in-file.ts'

/** The most that the files of a zip may have together once they are unpacked, in bytes. */
const mostUnpacked = 2 * 2 ** 30

/** Files that are stored at the same time. */
const atOnce = 8

type Found = StoredFile | string | null

/** The files that rows name: ours by their addresses, and those of a zip. These are stored by `keep`. */
export async function createRowFiles(c: Context, deps: Deps, zip: StoredFile | null) {
  const { filesInZip, fileFinder, nameOf, plannedFile } = await import('./stored-zip.ts')
  const inZip = zip && fileFinder(await filesInZip(deps.files, zip))
  const viewer = ensureViewer(c, deps)
  const known = new Map<string, Found>()
  /** By the references that their contents will have. */
  const named = new Map<string, ZippedFile>()
  const planned = new Map<ZippedFile, StoredFile>()
  let unpacked = 0

  function zipped(text: string): Found {
    const file = inZip?.(text)
    const name = `“${shortened(text)}”`
    if (file === undefined)
      return inZip ? `${name} is not in the zip.` : `${name} is no address. Add a zip that has it.`
    if (file === null) return `The zip has several files called ${name}. Give the whole path.`
    if (file.size > deps.config.maxUpload) return `${name} is too large.`
    const same = planned.get(file)
    if (same) return same
    if (unpacked + file.size > mostUnpacked)
      return `${name} is one too many: the files of a zip may have ${mostUnpacked >> 30} GB together.`
    unpacked += file.size
    const made = plannedFile(file, deps.newId())
    named.set(made.ref, file)
    planned.set(file, made)
    return made
  }

  async function look(text: string): Promise<Found> {
    if (inZip?.(text) || isFileName(text)) return zipped(text)
    return findOrStoreFile(text, c, deps, viewer)
  }

  async function store({ ref, name }: StoredFile, file: ZippedFile): Promise<StoredFile> {
    const content = await deps.files.put(await file.open(), deps.config.maxUpload)
    const stored = namedFile(content, ref, name)
    await deps.store.addFile(stored, viewer.id, deps.now())
    return stored
  }

  return {
    async find(text: string): Promise<Found> {
      const before = known.get(text)
      if (before !== undefined) return before
      const found = await look(text)
      known.set(text, found)
      return found
    },
    /** Stores the contents of these files where they are those of the zip. Throws `UnreadableRows` for damaged ones. */
    async keep(files: readonly StoredFile[]): Promise<ReadonlyMap<string, StoredFile>> {
      const kept = new Map<string, StoredFile>()
      const wanted = files.filter(({ ref }) => named.has(ref))
      for (let from = 0; from < wanted.length; from += atOnce)
        await Promise.all(
          wanted.slice(from, from + atOnce).map(async (file) => {
            const source = named.get(file.ref)
            if (source) kept.set(file.ref, await store(file, source).catch(damagedIn(source)))
          }),
        )
      return kept
    },
  }

  /** Its own errors are those of the store; others are those of the bytes in the zip. */
  function damagedIn(file: ZippedFile) {
    return (error: unknown): never => {
      const isOfZip = error instanceof Error && (error.name === 'Error' || 'errno' in error)
      if (!isOfZip) throw error
      throw new UnreadableRows(`“${nameOf(file)}” in the zip is damaged.`, { cause: error })
    }
  }
}

export type RowFiles = Awaited<ReturnType<typeof createRowFiles>>
