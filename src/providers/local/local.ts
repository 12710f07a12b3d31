import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import type { Deployment } from '../../domain/model/deployment.ts'
import { nothingToNote, type Version } from '../../domain/model/model.ts'
import type { ModelRecord, ModelSettings } from '../../domain/model/record.ts'
import { type ModelRef, modelName, sameModel } from '../../domain/model-ref.ts'
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
import { createLocalInstances } from './process/instances.ts'
import { createPool } from './process/pool.ts'
import { startReaper } from './process/reaper.ts'
import { runInCopy } from './run/run.ts'
import { createLocalSources, folderOf } from './sources.ts'
import { createVersions } from './versions/versions.ts'
import { idleTime } from './warm/idle-time.ts'
import { keepWarm, type WarmWish } from './warm/keep-warm.ts'
import { warmCounts, withinLimit } from './warm/warm-counts.ts'

export interface LocalOptions {
  /** Folders of model folders. A model's owner is in its name, or else is the name of this folder. */
  readonly roots: readonly string[]
  /** Model folders that operators added by name. Models of the roots come first. */
  readonly registered?: () => readonly RegisteredFolder[]
  /** For cached descriptions, the sources of versions, and the files of runs. */
  readonly folder: string
  /** What operators set of models: how many processes are kept warm, and how long one may be idle. */
  readonly records?: () => readonly ModelRecord[]
  /** Some keep processes warm. The versions that they run are kept for longest. */
  readonly deployments?: () => readonly Deployment[]
  /** Then those with predictions. */
  readonly isPredicted?: ProviderParts['isPredicted']
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
  const { records = () => [], deployments = () => [] } = options
  const limits = { ...defaultLocalLimits, ...options.limits }
  const runs = join(folder, 'runs')
  const descriptions = join(folder, descriptionsFolder)
  rmSync(runs, { recursive: true, force: true })
  for (const path of [runs, descriptions]) mkdirSync(path, { recursive: true, mode: 0o700 })

  const reaper = startReaper()
  const pool = createPool({ reaper, environment, idleMs, mostOf, now })
  const queue = createDescribeQueue(reaper, limits)
  const describe = createDescriber({
    cache: descriptions,
    ask: queue.describe,
    ...(options.descriptions === undefined ? {} : { more: options.descriptions }),
  })
  const versions = createVersions({ folder: join(folder, versionsFolder), now, needOf })
  let hasLookedForGone = false
  const library = createLibrary({
    roots,
    registered,
    describe,
    prioritise: queue.prioritise,
    now,
    changed(models) {
      pool.keepOnly(models)
      versions.keep(models)
      if (hasLookedForGone || models.length === 0 || library.reading() > 0) return
      hasLookedForGone = true
      void versions.forgetGone(models)
    },
  })

  const warming = keepWarm({ pool, wishes: warmWishes, prepare: versions.prepare })

  function settingsOf(name: string): ModelSettings | undefined {
    return records().find(({ ref }) => modelName(ref) === name)?.settings
  }

  function currentOf(name: string): LocalModel | undefined {
    return library.models().find(({ model }) => modelName(model.ref) === name)
  }

  function idleMs(model: string, version: string): number {
    const ofModel = settingsOf(model)?.instances?.idleMs ?? limits.idleMs
    const isCurrent = currentOf(model)?.model.version.id === version
    return idleTime({ model, version, isCurrent, ofModel, deployments: deployments() })
  }

  function mostOf(name: string): number {
    return settingsOf(name)?.copies ?? currentOf(name)?.model.limits.copies ?? 1
  }

  /** What is kept warm, of models that can run. */
  async function warmWishes(): Promise<readonly WarmWish[]> {
    const counts = warmCounts(records(), deployments())
    if (counts.length === 0) return []
    await library.scan()
    const wishes: WarmWish[] = []
    for (const name of new Set(counts.map(({ model }) => model))) {
      const current = currentOf(name)
      if (!current) continue
      const most = mostOf(name)
      const own = counts.filter(({ model }) => model === name)
      for (const [id, count] of withinLimit(own, current.model.version.id, most)) {
        const local = id === current.model.version.id ? current : await versions.find(current, id)
        if (local && local.model.broken === null) wishes.push({ local, count, most })
      }
    }
    return wishes
  }

  async function needOf(ref: ModelRef, id: string) {
    const isPinned = deployments().some(
      ({ current }) => current.version === id && sameModel(current.model, ref),
    )
    if (isPinned) return 'pinned'
    return (await options.isPredicted?.(ref, id)) ? 'predicted' : 'none'
  }

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

  /** What runs a version of a model, or a sentence on why nothing does. */
  async function toRun({ model: ref, id }: Version): Promise<LocalModel | string> {
    const current = await findToRun(ref)
    if (!current) return 'This model cannot run: its folder no longer exists'
    const { broken, version } = current.model
    if (version.id === id) return broken === null ? current : `This model cannot run: ${broken}`
    const earlier = await versions.find(current, id)
    if (earlier && (!pool.startsFor(earlier) || (await versions.prepare(earlier)))) return earlier
    return broken === null ? hasChanged : `This model cannot run: ${broken}`
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
    async find(ref, version) {
      const current = await library.find(ref)
      if (!current || version === undefined || version === current.model.version.id)
        return current?.model ?? null
      return (await versions.find(current, version))?.model ?? current.model
    },
    earlier: () => versions.earlier(library.models()),
    forget: versions.forget,
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
    warmth: (ref) => pool.warmth(ref, currentOf(modelName(ref))?.model.version.id ?? null),
    instanceChoices: () => ['min', 'idle'],
    instances: createLocalInstances(
      pool,
      (ref) => currentOf(modelName(ref))?.model.version.id ?? null,
    ),
    health: () => nothingToNote,
    async asset(ref, name) {
      const local = await library.find(ref)
      const path = local && assetPath(local.folder.path, name)
      return path ? openAsset(path, name) : null
    },
    async *run(run) {
      const local = await toRun(run.version)
      if (typeof local === 'string') yield { type: 'failed', error: local }
      else yield* runInCopy({ run, local, pool, folder: join(runs, run.id), limits })
    },
    async close() {
      await warming.close()
      await Promise.all([pool.close(), queue.close(), versions.close()])
      reaper.close()
    },
  }
}

/** Its number grows when the shape of what is kept changes. */
const versionsFolder = 'versions-1'

const hasChanged =
  'The model has changed since this was created, and the source of its version is not kept. Run it again to use the current version.'

/** The model folders of this server's configuration, and those that operators added. */
export function localProvider(parts: ProviderParts): Provider {
  const { config, environment, records, deployments, isPredicted, now } = parts
  return createLocalProvider({
    roots: [...config.models, join(root, 'models')],
    registered: () => registeredFolders(records.all()),
    records: records.all,
    folder: join(config.data, 'local'),
    ...(usesBuild() ? { descriptions: builtDescriptions } : {}),
    deployments: deployments.all,
    isPredicted,
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
