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

type Zip = typeof import('./stored-zip.ts')

/** The files of a zip that rows name, and the references that their contents will have. */
function createPlanned(
  deps: Deps,
  { plannedFile }: Zip,
  inZip: ReturnType<Zip['fileFinder']> | null,
) {
  const byRef = new Map<string, ZippedFile>()
  const planned = new Map<ZippedFile, StoredFile>()
  let unpacked = 0

  return {
    has: (text: string): boolean => Boolean(inZip?.(text)),
    sourceOf: (ref: string): ZippedFile | undefined => byRef.get(ref),
    /** The file of this name, or why there is none. */
    find(text: string): StoredFile | string {
      const file = inZip?.(text)
      const name = `“${shortened(text)}”`
      if (file === undefined)
        return inZip
          ? `${name} is not in the zip.`
          : `${name} is no address. Add a zip that has it.`
      if (file === null) return `The zip has several files called ${name}. Give the whole path.`
      if (file.size > deps.config.maxUpload) return `${name} is too large.`
      const same = planned.get(file)
      if (same) return same
      if (unpacked + file.size > mostUnpacked)
        return `${name} is one too many: the files of a zip may have ${mostUnpacked >> 30} GB together.`
      unpacked += file.size
      const made = plannedFile(file, deps.newId())
      byRef.set(made.ref, file)
      planned.set(file, made)
      return made
    },
  }
}

/** The files that rows name: ours by their addresses, and those of a zip. These are stored by `keep`. */
export async function createRowFiles(c: Context, deps: Deps, zip: StoredFile | null) {
  const module = await import('./stored-zip.ts')
  const inZip = zip && module.fileFinder(await module.filesInZip(deps.files, zip))
  const planned = createPlanned(deps, module, inZip)
  const viewer = ensureViewer(c, deps)
  const known = new Map<string, Found>()

  async function store({ ref, name }: StoredFile, source: ZippedFile): Promise<StoredFile> {
    const content = await source
      .open()
      .then((bytes) => deps.files.put(bytes, deps.config.maxUpload))
    const stored = namedFile(content, ref, name)
    await deps.store.addFile(stored, viewer.id, deps.now())
    return stored
  }

  return {
    async find(text: string): Promise<Found> {
      const before = known.get(text)
      if (before !== undefined) return before
      const found =
        planned.has(text) || isFileName(text)
          ? planned.find(text)
          : await findOrStoreFile(text, c, deps, viewer)
      known.set(text, found)
      return found
    },
    /** Stores the contents of these files where they are those of the zip. Throws `UnreadableRows` for damaged ones. */
    async keep(files: readonly StoredFile[]): Promise<ReadonlyMap<string, StoredFile>> {
      const kept = new Map<string, StoredFile>()
      const wanted = new Map(files.map((file) => [file.ref, file]))
      const named = [...wanted.values()].filter(({ ref }) => planned.sourceOf(ref))
      for (let from = 0; from < named.length; from += atOnce)
        await Promise.all(
          named.slice(from, from + atOnce).map(async (file) => {
            const source = planned.sourceOf(file.ref)
            if (source) kept.set(file.ref, await store(file, source).catch(damagedIn(file)))
          }),
        )
      return kept
    },
  }
}

/** Errors of the store have names of their own; others are those of the bytes in the zip. */
function damagedIn({ name }: StoredFile) {
  return (error: unknown): never => {
    const isOfZip = error instanceof Error && (error.name === 'Error' || 'errno' in error)
    if (!isOfZip) throw error
    throw new UnreadableRows(`“${name}” in the zip is damaged.`, { cause: error })
  }
}

export type RowFiles = Awaited<ReturnType<typeof createRowFiles>>
