import { LRUCache } from 'lru-cache'
import { canonicalJson } from '../../domain/json/format.ts'
import type { Json } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import type { ReplicateClient } from './client.ts'
import {
  describe,
  isVersionId,
  type LookedUpModel,
  undescribedBy,
  unknownModel,
} from './describe.ts'
import { createDiskCache } from './disk-cache.ts'
import type { ReplicateLimits } from './limits.ts'
import { readModel, readVersion } from './responses.ts'
import { UpstreamError } from './upstream-error.ts'

export type ModelLookup = ReturnType<typeof createModelLookup>

export interface ModelLookupOptions {
  readonly client: ReplicateClient
  /** Where what was looked up is kept. */
  readonly folder: string
  readonly limits: ReplicateLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A model as it is known, and what that was made of. */
interface Entry {
  readonly model: Model
  readonly looked: LookedUpModel
}

/** What is at hand of models, by the length of what was looked up as text; the rest is on disk. */
const mostUnits = 32 * 2 ** 20
const mostAbsent = 2_000

/** A service in trouble is not asked again at once, whoever asks for whatever. */
const troubleMs = 5_000

/**
 * What is known of the service's models. One that is known is answered from memory or from disk,
 * and asked for again behind the scenes when that is old; another is looked up while somebody
 * waits, for as long as a page may take.
 */
export function createModelLookup({ client, folder, limits, now }: ModelLookupOptions) {
  const disk = createDiskCache(folder)
  const entries = new LRUCache<string, Entry>({
    maxSize: mostUnits,
    sizeCalculation: ({ looked }) => contentOf(looked).length,
  })
  const pending = new Map<string, Promise<Model | null>>()
  const absent = new LRUCache<string, number>({ max: mostAbsent })
  const failures = new LRUCache<string, { readonly model: Model; readonly until: number }>({
    max: mostAbsent,
  })

  /** Waits for one that is not known yet for so long, then answers that it is not. */
  async function find(
    ref: ModelRef,
    version: string | null,
    waitMs = limits.pageWaitMs,
  ): Promise<Model | null> {
    const key = version === null ? modelName(ref) : `${modelName(ref)}:${version}`
    const known = entries.get(key) ?? (await fromDisk(key, ref))
    if (known) {
      if (now() - known.looked.lookedAt > limits.freshMs) void lookUpOnce(key, ref, version)
      return known.model
    }
    if ((absent.get(key) ?? 0) > now()) return null
    const lately = failures.get(key)
    if (lately && lately.until > now()) return lately.model
    const otherwise = () => unknownModel(ref, slowSentence, 'away', now())
    return withDeadline(lookUpOnce(key, ref, version), waitMs, otherwise)
  }

  const slowSentence = `${client.service} has not returned this model yet. Reload the page in a moment.`

  async function withDeadline(
    answer: Promise<Model | null>,
    waitMs: number,
    otherwise: () => Model,
  ) {
    const { promise, resolve } = Promise.withResolvers<Model>()
    const timer = setTimeout(() => resolve(otherwise()), waitMs).unref()
    const first = await Promise.race([answer, promise])
    clearTimeout(timer)
    return first
  }

  async function fromDisk(key: string, ref: ModelRef): Promise<Entry | null> {
    const looked = await disk.read(key)
    // Somebody else may have found it in the meantime: one model is one object.
    return entries.get(key) ?? (looked ? keep(key, ref, looked) : null)
  }

  /** Whoever asks for the same at the same time waits for the same answer. Never rejects. */
  function lookUpOnce(key: string, ref: ModelRef, version: string | null): Promise<Model | null> {
    const already = pending.get(key)
    if (already) return already
    const answer = lookUp(key, ref, version)
      .catch((error) => failed(key, ref, error))
      .finally(() => pending.delete(key))
    pending.set(key, answer)
    return answer
  }

  async function lookUp(key: string, ref: ModelRef, version: string | null): Promise<Model> {
    const path = `models/${ref.owner}/${ref.name}`
    const [model, readme, asked] = await Promise.all([
      client.get(path).then(readModel),
      client.getText(`${path}/readme`).catch(() => null),
      version === null ? null : client.get(`${path}/versions/${version}`).then(readVersion),
    ])
    const looked = { model, version: asked, readme: readme || null, lookedAt: now() }
    await disk.write(key, looked)
    return keep(key, ref, looked).model
  }

  function keep(key: string, ref: ModelRef, looked: LookedUpModel): Entry {
    const before = entries.get(key)
    const same = before && contentOf(before.looked) === contentOf(looked)
    const entry = { looked, model: same ? before.model : describe(ref, client.service, looked) }
    entries.set(key, entry)
    absent.delete(key)
    failures.delete(key)
    return entry
  }

  function failed(key: string, ref: ModelRef, error: unknown): Model | null {
    if (error instanceof UpstreamError && error.status === 404) {
      absent.set(key, now() + limits.absentMs)
      entries.delete(key)
      void disk.remove(key)
      return null
    }
    const known = entries.get(key)
    if (known) {
      // What is known goes on being shown, and is asked for again later.
      entries.set(key, { ...known, looked: { ...known.looked, lookedAt: now() } })
      return known.model
    }
    const sentence =
      error instanceof UpstreamError
        ? error.message
        : `The response of ${client.service} is not valid.`
    const broken = `${sentence} Reload the page to try again.`
    const model = unknownModel(ref, broken, undescribedBy(error), now())
    failures.set(key, { model, until: now() + troubleMs })
    return model
  }

  /** Asks for it again, however lately that was done; what is known goes before an answer that is late. */
  async function refresh(ref: ModelRef, version: string | null): Promise<Model | null> {
    const key = version === null ? modelName(ref) : `${modelName(ref)}:${version}`
    const known = entries.get(key) ?? (await fromDisk(key, ref))
    const late = () => known?.model ?? unknownModel(ref, slowSentence, 'away', now())
    return withDeadline(lookUpOnce(key, ref, version), limits.pageWaitMs, late)
  }

  return {
    find,
    refresh,
    /** As of a version that can still be run, else as it is now. */
    async findVersion(ref: ModelRef, version: string, waitMs?: number): Promise<Model | null> {
      const current = await find(ref, null, waitMs)
      if (!isVersionId(version) || current?.version.id === version) return current
      const asked = await find(ref, version, waitMs)
      return asked?.version.id === version ? asked : current
    },
    /** Where its picture is; null when it has none, or is not known. */
    coverOf: (ref: ModelRef) => entries.get(modelName(ref))?.looked.model.cover_image_url ?? null,
  }
}

function contentOf({ lookedAt, ...content }: LookedUpModel): string {
  return canonicalJson(content as unknown as Json)
}
