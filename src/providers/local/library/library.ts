import { basename } from 'node:path'
import { type ModelRef, modelName, sameModel } from '../../../domain/model-ref.ts'
import type { Describer, LocalModel, Naming } from './describe.ts'
import { type ModelFolder, modelFolderAt, modelFolders } from './folders.ts'

/** One model folder, anywhere on this machine, and what its model is called. */
export interface RegisteredFolder {
  readonly ref: ModelRef
  /** Absolute. */
  readonly folder: string
}

export interface LibraryOptions {
  /** Folders of model folders. A model of one goes before one of its name in the next. */
  readonly roots: readonly string[]
  /** Model folders that were added by name. A model of a root goes before one of its name. */
  readonly registered: () => readonly RegisteredFolder[]
  readonly describe: Describer
  /** Describes this folder before others that wait for their turn. */
  readonly prioritise: (folder: ModelFolder) => void
  readonly now: () => number
  /** Called with all models when some have changed. */
  readonly changed: (models: readonly LocalModel[]) => void
}

export type Library = ReturnType<typeof createLibrary>

/** Folders are looked at again when they were last looked at this long ago. */
const rescanMs = 1_000

/** And whoever asks after this long waits until that is done. */
const staleMs = 3_000

/** A folder whose model is being described. */
interface Reading {
  readonly folder: ModelFolder
  readonly naming: Naming
  readonly done: Promise<void>
}

/**
 * The models in folders as they are now. Looking at folders is quick; describing what is new or has
 * changed takes a process each, and is done beside whatever else is asked for.
 */
export function createLibrary(options: LibraryOptions) {
  const { roots, registered, describe, prioritise: hurry, now, changed } = options
  /** By place, in the order in which they may have their names. */
  let order: readonly string[] = []
  const known = new Map<string, LocalModel>()
  const reading = new Map<string, Reading>()
  let scanned: Promise<void> = Promise.resolve()
  let scannedAt = -Infinity
  let looked = ''

  /** Who asks soon after somebody else is answered at once, with what was there a moment ago. */
  function scan(): Promise<void> {
    const before = scanned
    const wanted = JSON.stringify(registered())
    const age = wanted === looked ? now() - scannedAt : Number.POSITIVE_INFINITY
    if (age < rescanMs) return before
    looked = wanted
    scannedAt = now()
    scanned = scanned.then(rescan, rescan)
    return age < staleMs ? before : scanned
  }

  async function rescan(): Promise<void> {
    const found = await locateModels(roots, registered())
    order = found.map(({ key }) => key)
    for (const { key, folder, naming } of found) {
      const latest = reading.get(key)?.folder ?? known.get(key)?.folder
      if (latest?.signature !== folder.signature) read(key, folder, naming)
    }
    const kept = new Set(order)
    for (const map of [known, reading])
      for (const key of map.keys()) if (!kept.has(key)) map.delete(key)
    changed(models())
  }

  function read(key: string, folder: ModelFolder, naming: Naming): void {
    const done = describe(folder, naming).then(
      (local) => {
        // Changed again, or removed, while it was read.
        if (reading.get(key) !== own) return
        reading.delete(key)
        known.set(key, local)
        changed(models())
      },
      () => {
        // It is looked at again with the next scan.
        if (reading.get(key) === own) reading.delete(key)
      },
    )
    const own: Reading = { folder, naming, done }
    reading.set(key, own)
  }

  function models(): LocalModel[] {
    return firstOfEachName(order.flatMap((key) => known.get(key) ?? []))
  }

  /** What is being read that may turn out to be this model. */
  function candidates(ref: ModelRef): Reading[] {
    return [...reading].flatMap(([key, one]) => {
      const before = known.get(key)
      const was = before && sameModel(before.model.ref, ref)
      return was || isCalled(one, ref) ? [one] : []
    })
  }

  return {
    scan,
    /** The next who asks waits until folders have been looked at once more. */
    invalidate(): void {
      scannedAt = -Infinity
    },
    models,
    /** How many folders are being read whose models are not known yet. */
    reading: (): number => [...reading.keys()].filter((key) => !known.has(key)).length,
    /** Resolves when all that is being read now has been. */
    async allRead(): Promise<void> {
      while (reading.size > 0) await Promise.all([...reading.values()].map(({ done }) => done))
    },
    /** One model; waits for as long as a folder that is likely to be it is read. */
    async find(ref: ModelRef): Promise<LocalModel | null> {
      await scan()
      const awaited = candidates(ref)
      for (const { folder } of awaited) hurry(folder)
      await Promise.all(awaited.map(({ done }) => done))
      return models().find(({ model }) => sameModel(model.ref, ref)) ?? null
    },
  }
}

/** A model says itself what it is called; until then, most are called as their folders are. */
function isCalled({ folder, naming }: Reading, ref: ModelRef): boolean {
  return 'ref' in naming ? sameModel(naming.ref, ref) : basename(folder.path) === ref.name
}

interface ModelLocation {
  readonly key: string
  readonly folder: ModelFolder
  readonly naming: Naming
}

/** Where models are, in the order in which they may have their names. */
async function locateModels(
  roots: readonly string[],
  registered: readonly RegisteredFolder[],
): Promise<ModelLocation[]> {
  const inRoots = roots.map(async (root) => {
    const naming = { owner: basename(root) }
    return (await modelFolders(root)).map((folder) => locationOf(folder, naming))
  })
  const added = registered.map(async ({ ref, folder }) => {
    const found = await modelFolderAt(folder)
    return found ? [locationOf(found, { ref })] : []
  })
  return (await Promise.all([...inRoots, ...added])).flat()
}

function locationOf(folder: ModelFolder, naming: Naming): ModelLocation {
  return { key: JSON.stringify([naming, folder.path]), folder, naming }
}

/** Two folders may claim one name: the first in the order of the roots has it. */
function firstOfEachName(models: readonly LocalModel[]): LocalModel[] {
  const byName = new Map<string, LocalModel>()
  for (const local of models) {
    const name = modelName(local.model.ref)
    if (!byName.has(name)) byName.set(name, local)
  }
  return [...byName.values()]
}
