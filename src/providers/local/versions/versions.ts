import { mkdir, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Model } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { readSchema } from '../../../domain/schema/schema.ts'
import { type LocalModel, versionId } from '../library/describe.ts'
import { entriesOf } from '../library/folders.ts'
import {
  folderOfKept,
  keepSource,
  prepareKept,
  readDescribed,
  readKept,
  unfinished,
  usedFile,
} from './kept-source.ts'
import { versionsToForget } from './versions-to-forget.ts'

export interface VersionsOptions {
  /** Kept versions are in `OWNER/NAME/ID` below it. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Whether something needs a version of a model: `pinned` ones go last, then those with predictions. */
  readonly needOf: (ref: ModelRef, id: string) => Promise<'pinned' | 'predicted' | 'none'>
}

export type Versions = ReturnType<typeof createVersions>

/** What is known of a kept version. */
interface Known {
  readonly bytes: number
  /** When it was last run, or was current, in milliseconds since 1970. */
  usedAt: number
}

/** A use is noted when the last one is older than this, in milliseconds. */
const noteUseMs = 60_000

/** A model that is gone for this long loses its versions, in milliseconds. */
const goneMs = 30 * 24 * 60 * 60_000

/** How many earlier versions are named to other servers. */
const mostNamed = 200

/**
 * The sources of the versions of models in folders, kept so that an earlier one can be run. They are copied in
 * the background, one after the other.
 */
export function createVersions({ folder, now, needOf }: VersionsOptions) {
  const known = new Map<string, Map<string, Known>>()
  /** The current version of each model, and whether it was looked at. */
  const current = new Map<string, { readonly id: string; readonly signature: string }>()
  const made = new WeakMap<Model, Map<string, Promise<LocalModel | null>>>()
  /** By the id of the version. */
  const keeping = new Map<string, Promise<void>>()
  let work: Promise<void> = load().catch(() => {})
  const loaded = work
  let closed = false

  function folderOf({ owner, name }: ModelRef, id: string): string {
    return join(folder, owner, name, id)
  }

  /** Reads which versions are kept. What was being written when a server died is removed. */
  async function load(): Promise<void> {
    for (const owner of await entriesOf(folder))
      for (const { name } of await entriesOf(join(folder, owner.name))) {
        const ref = { owner: owner.name, name }
        for (const { name: id } of await entriesOf(join(folder, owner.name, name))) {
          const path = folderOf(ref, id)
          const kept = id.startsWith(unfinished) ? null : await readKept(path)
          if (!kept) await rm(path, { recursive: true, force: true })
          else note(ref, id, { bytes: kept.bytes, usedAt: (await stat(usedFile(path))).mtimeMs })
        }
      }
  }

  function note(ref: ModelRef, id: string, one: Known): void {
    const name = modelName(ref)
    known.set(name, (known.get(name) ?? new Map<string, Known>()).set(id, one))
  }

  async function forget(ref: ModelRef, id: string): Promise<boolean> {
    if (!known.get(modelName(ref))?.delete(id)) return false
    await rm(folderOf(ref, id), { recursive: true, force: true })
    return true
  }

  /** Of two versions, the one that was current or run last is the one to keep. */
  async function use(ref: ModelRef, id: string): Promise<void> {
    const one = known.get(modelName(ref))?.get(id)
    if (!one || now() - one.usedAt < noteUseMs) return
    one.usedAt = now()
    const seconds = one.usedAt / 1000
    await utimes(usedFile(folderOf(ref, id)), seconds, seconds).catch(() => {})
  }

  async function keepOne({ model, folder: from, source }: LocalModel): Promise<void> {
    const { ref, version } = model
    if (closed || !source) return
    if (known.get(modelName(ref))?.has(version.id)) return use(ref, version.id)
    const target = folderOf(ref, version.id)
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const kept = await keepSource(from, source, target)
    if (!kept) return
    note(ref, version.id, { bytes: kept.bytes, usedAt: now() })
    const all = known.get(modelName(ref)) ?? new Map<string, Known>()
    for (const id of await versionsToForget(all, version.id, (one) => needOf(ref, one)))
      await forget(ref, id)
  }

  /** Removes what is kept of models that have not been here for long. */
  async function forgetGone(models: readonly LocalModel[]): Promise<void> {
    const here = new Set(models.map(({ model }) => modelName(model.ref)))
    for (const [name, versions] of known) {
      const usedAt = Math.max(...[...versions.values()].map((one) => one.usedAt))
      if (here.has(name) || now() - usedAt < goneMs) continue
      const [owner = '', own = ''] = name.split('/')
      for (const id of [...versions.keys()]) await forget({ owner, name: own }, id)
      known.delete(name)
    }
  }

  function later(task: () => Promise<void>): Promise<void> {
    // A version that could not be kept cannot be run later: nothing else depends on it.
    work = work.then(task).catch(() => {})
    return work
  }

  function keepLater(local: LocalModel): void {
    const { id } = local.model.version
    const done = later(() => keepOne(local)).then(() => {
      if (keeping.get(id) === done) keeping.delete(id)
    })
    keeping.set(id, done)
  }

  async function make(present: LocalModel, id: string): Promise<LocalModel | null> {
    const { ref } = present.model
    const path = folderOf(ref, id)
    const kept = await readKept(path)
    const source = kept && (await readDescribed(path, kept))
    if (!source || versionId(ref, source.description.schemas, source.hash) !== id) return null
    const { schemas, timeoutMs, rerun, memoryMb, env, description } = source.description
    const schema = readSchema(schemas)
    return {
      folder: folderOfKept(path, kept),
      home: present.folder.path,
      source,
      memoryMb,
      env,
      model: {
        ...present.model,
        description,
        version: { ...present.model.version, id, schema, createdAt: kept.changedAt },
        // Those that are there now are of another schema.
        examples: [],
        exampleOutput: null,
        limits: { copies: present.model.limits.copies, timeoutMs, rerun },
        broken: schema.problem,
        undescribed: null,
        isEarlier: true,
      },
    }
  }

  return {
    /** Keeps what is new among all models, in their current versions. Returns at once. */
    keep(models: readonly LocalModel[]): void {
      for (const local of models) {
        const { model, folder: from } = local
        const name = modelName(model.ref)
        const before = current.get(name)
        const { id } = model.version
        if (before?.id === id && before.signature === from.signature) continue
        current.set(name, { id, signature: from.signature })
        if (before && before.id !== id) void later(() => use(model.ref, before.id))
        if (model.broken === null) keepLater(local)
      }
    },
    /** Removes what is kept of a version. Resolves with false when nothing was. */
    async forget(ref: ModelRef, id: string): Promise<boolean> {
      await loaded
      await keeping.get(id)
      return forget(ref, id)
    },
    /** An earlier version of a model, as it is now; null when its source is not kept. */
    async find(present: LocalModel, id: string): Promise<LocalModel | null> {
      await loaded
      await keeping.get(id)
      if (!known.get(modelName(present.model.ref))?.has(id)) return null
      const own = made.get(present.model) ?? new Map<string, Promise<LocalModel | null>>()
      made.set(present.model, own)
      const found = own.get(id) ?? make(present, id)
      own.set(id, found)
      return found
    },
    /**
     * To be called before a process of an earlier version starts. Resolves with false when its source is no
     * longer what it was: then it is not kept any more.
     */
    async prepare({ model, home }: LocalModel): Promise<boolean> {
      if (home === null) return true
      const { ref, version } = model
      const path = folderOf(ref, version.id)
      const kept = await readKept(path)
      if (kept && (await prepareKept(path, kept, home))) {
        await use(ref, version.id)
        return true
      }
      await forget(ref, version.id)
      return false
    },
    /** Removes, in the background, what is kept of models that are gone for long. */
    forgetGone: (models: readonly LocalModel[]) => later(() => forgetGone(models)),
    /** The earlier versions of these models that can be run, those that were used last; not all of very many. */
    async earlier(models: readonly LocalModel[]) {
      await loaded
      const all = models.flatMap(({ model: { ref, version } }) =>
        [...(known.get(modelName(ref)) ?? [])].flatMap(([id, { usedAt }]) =>
          id === version.id ? [] : [{ ref, version: id, usedAt }],
        ),
      )
      return all.sort((a, b) => b.usedAt - a.usedAt).slice(0, mostNamed)
    },
    /** Resolves when nothing is being kept. */
    async close(): Promise<void> {
      closed = true
      await work
    },
  }
}
