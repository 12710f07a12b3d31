import { basename } from 'node:path'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { Naming } from './describe.ts'
import { type ModelFolder, modelFolderAt, modelFolders } from './folders.ts'

/** A model folder anywhere on this machine, and the name that its model was given. */
export interface RegisteredFolder {
  readonly ref: ModelRef
  /** Absolute. */
  readonly folder: string
  /** When it was registered last, in milliseconds since 1970: then it is read again. */
  readonly registeredAt?: number
}

/** A model folder that was found, and how its model gets a name. */
export interface ModelLocation {
  /** Distinct for each location; the same folder may be registered under several names. */
  readonly key: string
  readonly folder: ModelFolder
  readonly naming: Naming
}

/** All model folders. When two models have one name, the first location has it. */
export async function locateModels(
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
