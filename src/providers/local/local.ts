import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { type ModelRef, modelName, nothingToNote, sameModel } from '../../domain/model.ts'
import type { Provider } from '../provider.ts'
import { createAsker } from './ask-copy.ts'
import { createDescriber, type LocalModel, type Naming } from './describe.ts'
import { assetPath, type ModelFolder, modelFolderAt, modelFolders } from './folders.ts'
import { defaultLimits, type LocalLimits } from './limits.ts'
import { createPool } from './pool.ts'
import { probeFolder } from './probe.ts'
import { startReaper } from './reaper.ts'
import { runInCopy } from './run.ts'

export interface LocalOptions {
  /** Folders of model folders; a model's owner is said by its name, else by its folder's. */
  readonly roots: readonly string[]
  /** Model folders that operators added by name. A model of a root goes before one of its name. */
  readonly registered?: () => readonly RegisteredFolder[]
  /** Where descriptions are remembered and running models keep their files. */
  readonly folder: string
  /** What models may ask for by name in `env`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  /** Instead of `defaultLimits`, for those named. */
  readonly limits?: Partial<LocalLimits>
}

/** One model folder, anywhere on this machine, and what its model is called. */
export interface RegisteredFolder {
  readonly ref: ModelRef
  /** Absolute. */
  readonly folder: string
}

/** Folders are looked at again when they were last looked at this long ago. */
const rescanMs = 1_000

/** And whoever asks after this long waits until that is done. */
const staleMs = 3_000

/** Grows with the shape of what is remembered. */
const descriptionsFolder = 'descriptions-1'

/** TypeScript models in folders, each copy in a process of its own. Models are trusted code. */
export function createLocalProvider(options: LocalOptions): Provider {
  const { roots, registered = () => [], folder, environment, now } = options
  const limits = { ...defaultLimits, ...options.limits }
  const runs = join(folder, 'runs')
  const descriptions = join(folder, descriptionsFolder)
  rmSync(runs, { recursive: true, force: true })
  for (const path of [runs, descriptions]) mkdirSync(path, { recursive: true, mode: 0o700 })

  const reaper = startReaper()
  const pool = createPool({ reaper, environment, idleMs: limits.idleMs })
  const asker = createAsker(reaper, limits)
  const describe = createDescriber({ cache: descriptions, ask: asker.ask })
  let known = new Map<string, LocalModel>()
  let scanned: Promise<LocalModel[]> = Promise.resolve([])
  let scannedAt = -Infinity
  let looked = ''

  /** Who asks soon after somebody else is answered at once, with what was there a moment ago. */
  function scan(): Promise<LocalModel[]> {
    const before = scanned
    const wanted = JSON.stringify(registered())
    const age = wanted === looked ? now() - scannedAt : Number.POSITIVE_INFINITY
    if (age < rescanMs) return before
    looked = wanted
    scannedAt = now()
    scanned = scanned.then(rescan, rescan)
    return age < staleMs ? before : scanned
  }

  async function rescan(): Promise<LocalModel[]> {
    const found = new Map<string, LocalModel>()
    for (const place of await places(roots, registered())) {
      const described = place.folders.map(async (modelFolder) => {
        const key = JSON.stringify([place.naming, modelFolder.path])
        const before = known.get(key)
        const unchanged = before?.folder.signature === modelFolder.signature
        return [key, unchanged ? before : await describe(modelFolder, place.naming)] as const
      })
      for (const [key, local] of await Promise.all(described)) found.set(key, local)
    }
    known = found
    const all = firstOfEachName([...found.values()])
    pool.keepOnly(all)
    return all
  }

  async function findLocal(ref: ModelRef): Promise<LocalModel | null> {
    return (await scan()).find(({ model }) => sameModel(model.ref, ref)) ?? null
  }

  return {
    name: 'local',
    wantsFiles: true,
    resumes: false,
    async models() {
      return (await scan()).map(({ model }) => model)
    },
    async find(ref) {
      return (await findLocal(ref))?.model ?? null
    },
    async probe(text) {
      // What is looked for now is known as it is now.
      scannedAt = Number.NEGATIVE_INFINITY
      return probeFolder(text, describe)
    },
    async state() {
      const count = (await scan()).length
      return { kind: 'works', sentence: `${count} ${count === 1 ? 'model' : 'models'} in folders.` }
    },
    warmth: (ref) => pool.warmth(ref),
    health: () => nothingToNote,
    async asset(ref, name) {
      const local = await findLocal(ref)
      const path = local && assetPath(local.folder.path, name)
      return path ? openAsset(path, name) : null
    },
    async *run(run) {
      const local = await findLocal(run.version.model)
      if (!local || local.model.broken !== null) {
        const reason = local?.model.broken ?? 'its folder is no longer here'
        yield { type: 'failed', error: `This model cannot run: ${reason}` }
      } else if (local.model.version.id !== run.version.id)
        yield {
          type: 'failed',
          error:
            'The model has changed since this was asked for. Run it again to use it as it is now.',
        }
      else yield* runInCopy({ run, local, pool, folder: join(runs, run.id), limits })
    },
    receive: async () => 'unknown',
    async close() {
      await Promise.all([pool.close(), asker.close()])
      reaper.close()
    },
  }
}

function openAsset(path: string, name: string) {
  const stream = createReadStream(path)
  return new Promise<{ name: string; content: ReadableStream<Uint8Array> } | null>((resolve) => {
    stream.once('open', () => {
      const content = Readable.toWeb(stream) as NodeStream as ReadableStream<Uint8Array>
      resolve({ name, content })
    })
    stream.once('error', () => resolve(null))
  })
}

/** Where models are, in the order in which they may have their names. */
async function places(roots: readonly string[], registered: readonly RegisteredFolder[]) {
  const all: { naming: Naming; folders: readonly ModelFolder[] }[] = []
  for (const root of roots)
    all.push({ naming: { owner: basename(root) }, folders: await modelFolders(root) })
  for (const { ref, folder } of registered) {
    const found = await modelFolderAt(folder)
    all.push({ naming: { ref }, folders: found ? [found] : [] })
  }
  return all
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
