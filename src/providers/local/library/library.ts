import { basename } from 'node:path'
import { type ModelRef, modelName, sameModel } from '../../../domain/model-ref.ts'
import type { Describer, LocalModel, Naming } from './describe.ts'
import type { ModelFolder } from './folders.ts'
import { locateModels, type RegisteredFolder } from './locations.ts'

export interface LibraryOptions {
  /** Folders of model folders. When two hold a model of one name, the first one counts. */
  readonly roots: readonly string[]
  /** Model folders that were added by name. Models of the roots come first. */
  readonly registered: () => readonly RegisteredFolder[]
  readonly describe: Describer
  /** Describes this folder before others that wait. */
  readonly prioritise: (folder: ModelFolder) => void
  readonly now: () => number
  /** Called with all models when some have changed. */
  readonly changed: (models: readonly LocalModel[]) => void
}

/** Folders are scanned again when the last scan is older than this, in milliseconds. */
const rescanMs = 1_000

/** When the last scan is older than this, requests wait for the new one, in milliseconds. */
const staleMs = 3_000

/** A folder whose model is being described. */
interface Reading {
  readonly folder: ModelFolder
  readonly naming: Naming
  readonly done: Promise<void>
}

/**
 * The models in folders, in their current state. A scan of folders is quick. A model that is new or has
 * changed is described by another process, in the background.
 */
export function createLibrary(options: LibraryOptions) {
  const { roots, registered, describe, prioritise, now, changed } = options
  /** Keys of the locations, in the order in which models get their names. */
  let order: readonly string[] = []
  const known = new Map<string, LocalModel>()
  const reading = new Map<string, Reading>()
  let models: readonly LocalModel[] = []
  let scanned: Promise<void> = Promise.resolve()
  let scannedAt = -Infinity
  let registeredThen = ''

  /** Starts a scan when one is due, and waits for it when the last one is stale. */
  function scan(): Promise<void> {
    const before = scanned
    const registeredNow = JSON.stringify(registered())
    const age = registeredNow === registeredThen ? now() - scannedAt : Number.POSITIVE_INFINITY
    if (age < rescanMs) return before
    registeredThen = registeredNow
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
    update()
  }

  function read(key: string, folder: ModelFolder, naming: Naming): void {
    const done = describe(folder, naming).then(
      (local) => {
        // The folder has changed again, or was removed.
        if (reading.get(key) !== own) return
        reading.delete(key)
        known.set(key, local)
        update()
      },
      () => {
        // The next scan reads it again.
        if (reading.get(key) === own) reading.delete(key)
      },
    )
    const own: Reading = { folder, naming, done }
    reading.set(key, own)
  }

  /** To be called when what is known or its order has changed. */
  function update(): void {
    models = firstOfEachName(order.flatMap((key) => known.get(key) ?? []))
    changed(models)
  }

  /** The folders being read that may hold this model. */
  function candidates(ref: ModelRef): Reading[] {
    return [...reading].flatMap(([key, one]) => {
      const before = known.get(key)
      const was = before && sameModel(before.model.ref, ref)
      return was || isCalled(one, ref) ? [one] : []
    })
  }

  return {
    scan,
    /** Makes the next request wait for a new scan. */
    invalidate(): void {
      scannedAt = -Infinity
    },
    models: (): readonly LocalModel[] => models,
    /** How many folders are being read whose models are not known yet. */
    reading: (): number => [...reading.keys()].filter((key) => !known.has(key)).length,
    /** Resolves when no folder is being read. */
    async allRead(): Promise<void> {
      while (reading.size > 0) await Promise.all([...reading.values()].map(({ done }) => done))
    },
    /** One model; waits while a folder is read that is likely to hold it. */
    async find(ref: ModelRef): Promise<LocalModel | null> {
      await scan()
      const awaited = candidates(ref)
      for (const { folder } of awaited) prioritise(folder)
      await Promise.all(awaited.map(({ done }) => done))
      return models.find(({ model }) => sameModel(model.ref, ref)) ?? null
    },
  }
}

/** A model may name itself when it is imported; most have the names of their folders. */
function isCalled({ folder, naming }: Reading, ref: ModelRef): boolean {
  return 'ref' in naming ? sameModel(naming.ref, ref) : basename(folder.path) === ref.name
}

function firstOfEachName(models: readonly LocalModel[]): LocalModel[] {
  const byName = new Map<string, LocalModel>()
  for (const local of models) {
    const name = modelName(local.model.ref)
    if (!byName.has(name)) byName.set(name, local)
  }
  return [...byName.values()]
}
