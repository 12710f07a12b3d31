import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { nothingToNote } from '../../domain/model/model.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import { root, usesBuild } from '../../root.ts'
import { within } from '../../sleep.ts'
import type { Probed, Provider, ProviderParts } from '../provider.ts'
import { createDescriber, type LocalModel } from './library/describe.ts'
import { createDescribeQueue } from './library/describe-queue.ts'
import { builtDescriptions, descriptionsFolder } from './library/description-files.ts'
import { assetPath } from './library/folders.ts'
import { createLibrary } from './library/library.ts'
import type { RegisteredFolder } from './library/locations.ts'
import { probeFolder } from './library/probe.ts'
import { defaultLocalLimits, type LocalLimits } from './limits.ts'
import { createPool } from './process/pool.ts'
import { startReaper } from './process/reaper.ts'
import { runInCopy } from './run/run.ts'
import { createLocalSources, folderOf } from './sources.ts'

export interface LocalOptions {
  /** Folders of model folders. A model's owner is in its name, or else is the name of this folder. */
  readonly roots: readonly string[]
  /** Model folders that operators added by name. Models of the roots come first. */
  readonly registered?: () => readonly RegisteredFolder[]
  /** For cached descriptions, and for the files of runs. */
  readonly folder: string
  /** Descriptions of some models, made before: `builtDescriptions`. */
  readonly descriptions?: string
  /** The variables that models may ask for by name in `env`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  /** Overrides of `defaultLocalLimits`. */
  readonly limits?: Partial<LocalLimits>
}

/** TypeScript models in folders, each copy in a process of its own. Models are trusted code. */
export function createLocalProvider(options: LocalOptions): Provider {
  const { roots, registered = () => [], folder, environment, now } = options
  const limits = { ...defaultLocalLimits, ...options.limits }
  const runs = join(folder, 'runs')
  const descriptions = join(folder, descriptionsFolder)
  rmSync(runs, { recursive: true, force: true })
  for (const path of [runs, descriptions]) mkdirSync(path, { recursive: true, mode: 0o700 })

  const reaper = startReaper()
  const pool = createPool({ reaper, environment, idleMs: limits.idleMs })
  const queue = createDescribeQueue(reaper, limits)
  const describe = createDescriber({
    cache: descriptions,
    ask: queue.describe,
    ...(options.descriptions === undefined ? {} : { more: options.descriptions }),
  })
  const library = createLibrary({
    roots,
    registered,
    describe,
    prioritise: queue.prioritise,
    now,
    changed: pool.keepOnly,
  })

  /** All models; without those that are still read after `listWaitMs`. */
  async function list(): Promise<readonly LocalModel[]> {
    await library.scan()
    await within(limits.listWaitMs, library.allRead())
    return library.models()
  }

  /** A model may be in a folder of another name, so a run waits until all folders are read. */
  async function findToRun(ref: ModelRef): Promise<LocalModel | null> {
    const found = await library.find(ref)
    if (found || library.reading() === 0) return found
    await library.allRead()
    return library.find(ref)
  }

  async function probe(text: string): Promise<Probed | null> {
    // The next request sees the folder in the state that the operator is shown now.
    library.invalidate()
    return probeFolder(text, describe)
  }

  return {
    name: 'local',
    label: 'Local',
    title: 'TypeScript models',
    origin: 'its folder is in SANDPIT_MODELS or comes with Sandpit',
    sources: createLocalSources(probe),
    wantsFiles: true,
    resumes: false,
    runsHere: true,
    async models() {
      return (await list()).map(({ model }) => model)
    },
    async find(ref) {
      return (await library.find(ref))?.model ?? null
    },
    reading: library.reading,
    allRead: library.allRead,
    probe: ({ text }) => probe(text),
    async state() {
      const count = (await list()).length
      const reading = library.reading()
      const rest = reading > 0 ? ` ${reading} more are loading.` : ''
      const sentence = `${count} ${count === 1 ? 'model' : 'models'} in folders.${rest}`
      return { kind: 'works', sentence }
    },
    warmth: (ref) => pool.warmth(ref),
    health: () => nothingToNote,
    async asset(ref, name) {
      const local = await library.find(ref)
      const path = local && assetPath(local.folder.path, name)
      return path ? openAsset(path, name) : null
    },
    async *run(run) {
      const local = await findToRun(run.version.model)
      if (!local || local.model.broken !== null) {
        const reason = local?.model.broken ?? 'its folder no longer exists'
        yield { type: 'failed', error: `This model cannot run: ${reason}` }
      } else if (local.model.version.id !== run.version.id)
        yield {
          type: 'failed',
          error:
            'The model has changed since this was created. Run it again to use the current version.',
        }
      else yield* runInCopy({ run, local, pool, folder: join(runs, run.id), limits })
    },
    async close() {
      await Promise.all([pool.close(), queue.close()])
      reaper.close()
    },
  }
}

/** The model folders of this server's configuration, and those that operators added. */
export function localProvider({ config, environment, records, now }: ProviderParts): Provider {
  return createLocalProvider({
    roots: [...config.models, join(root, 'models')],
    registered: () => registeredFolders(records.all()),
    folder: join(config.data, 'local'),
    ...(usesBuild() ? { descriptions: builtDescriptions } : {}),
    environment,
    now,
  })
}

/** The model folders among what operators added. */
export function registeredFolders(records: readonly ModelRecord[]): readonly RegisteredFolder[] {
  return records.flatMap(({ ref, source, updatedAt }) => {
    const folder = folderOf(source)
    return folder === null ? [] : [{ ref, folder, registeredAt: updatedAt }]
  })
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
