import { LRUCache } from 'lru-cache'
import type { Model } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { within } from '../../../sleep.ts'
import type { Descriptions } from '../../descriptions.ts'
import type { ReplicateClient } from '../client.ts'
import type { ReplicateLimits } from '../limits.ts'
import { readModel, readVersion } from '../responses.ts'
import { UpstreamError } from '../upstream-error.ts'
import {
  describe,
  isVersionId,
  type LookedUpModel,
  undescribedBy,
  unknownModel,
} from './describe.ts'
import { contentOf, keepLookedUp, readKept } from './looked-up.ts'

export type ModelLookup = ReturnType<typeof createModelLookup>

export interface ModelLookupOptions {
  readonly client: ReplicateClient
  readonly descriptions: Descriptions
  readonly limits: ReplicateLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A model, and the responses that describe it. */
interface Entry {
  readonly model: Model
  readonly looked: LookedUpModel
}

/** The most of models in memory, in UTF-16 units of their responses; the rest is on disk. */
const mostUnits = 32 * 2 ** 20
const mostAbsent = 2_000

/** How long a failed look-up of a model is cached, in milliseconds. */
const failureMs = 5_000

/**
 * Looks up models of the service. A known model comes from memory or from what is kept, and is refreshed in the
 * background when it is stale. An unknown one is looked up while the caller waits, for a limited time.
 */
export function createModelLookup({ client, descriptions, limits, now }: ModelLookupOptions) {
  const entries = new LRUCache<string, Entry>({
    maxSize: mostUnits,
    sizeCalculation: ({ looked }) => contentOf(looked).length,
  })
  const pending = new Map<string, Promise<Model | null>>()
  const absent = new LRUCache<string, number>({ max: mostAbsent })
  const failures = new LRUCache<string, { readonly model: Model; readonly until: number }>({
    max: mostAbsent,
  })
  descriptions.listen?.((ref) => {
    for (const one of [entries, failures]) one.delete(modelName(ref))
  })

  /** Waits up to `waitMs` for a model that is not known yet; then returns a stand-in for it. */
  async function find(
    ref: ModelRef,
    version: string | null,
    waitMs = limits.pageWaitMs,
  ): Promise<Model | null> {
    const key = version === null ? modelName(ref) : `${modelName(ref)}:${version}`
    const known = entries.get(key) ?? (await fromKept(key, ref))
    if (known) {
      if (now() - known.looked.lookedAt > limits.freshMs) void lookUpOnce(key, ref, version)
      return known.model
    }
    if ((absent.get(key) ?? 0) > now()) return null
    const lately = failures.get(key)
    if (lately && lately.until > now()) return lately.model
    const found = await within(waitMs, lookUpOnce(key, ref, version))
    return found === undefined ? tooSlow(ref) : found
  }

  function tooSlow(ref: ModelRef): Model {
    const sentence = `${client.service} has not returned this model yet. Reload the page in a moment.`
    return unknownModel(ref, sentence, 'away', now())
  }

  async function fromKept(key: string, ref: ModelRef): Promise<Entry | null> {
    const looked = await readKept(descriptions, key)
    // A concurrent look-up may have found it: one model is one object.
    return entries.get(key) ?? (looked ? keep(key, ref, looked) : null)
  }

  /** Shares one look-up between concurrent callers. Never rejects. */
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
    const lookedAt = now()
    const [model, readme, asked] = await Promise.all([
      client.get(path).then(readModel),
      client.getText(`${path}/readme`).catch(() => null),
      version === null ? null : client.get(`${path}/versions/${version}`).then(readVersion),
    ])
    const looked = { model, version: asked, readme: readme || null, lookedAt }
    const kept = await keepLookedUp(descriptions, key, looked)
    return keep(key, ref, kept, looked.lookedAt).model
  }

  function keep(
    key: string,
    ref: ModelRef,
    found: LookedUpModel,
    lookedAt = found.lookedAt,
  ): Entry {
    const before = entries.get(key)
    const same = before && contentOf(before.looked) === contentOf(found)
    const model = same ? before.model : describe(ref, client.service, found)
    const entry = { looked: { ...found, lookedAt }, model }
    entries.set(key, entry)
    absent.delete(key)
    failures.delete(key)
    return entry
  }

  function failed(key: string, ref: ModelRef, error: unknown): Model | null {
    if (error instanceof UpstreamError && error.status === 404) {
      absent.set(key, now() + limits.absentMs)
      entries.delete(key)
      void descriptions.remove(key)
      return null
    }
    const known = entries.get(key)
    if (known) {
      // The known model stays, and counts as fresh again.
      entries.set(key, { ...known, looked: { ...known.looked, lookedAt: now() } })
      return known.model
    }
    const sentence =
      error instanceof UpstreamError
        ? error.message
        : `The response of ${client.service} is not valid.`
    const broken = `${sentence} Reload the page to try again.`
    const model = unknownModel(ref, broken, undescribedBy(error), now())
    failures.set(key, { model, until: now() + failureMs })
    return model
  }

  /** A known version. It is looked up apart from its model, and the later look says who sees both. */
  function withLatestVisibility(ref: ModelRef, version: string): Model | null {
    const keys = [modelName(ref), `${modelName(ref)}:${version}`]
    const known = keys.flatMap((key) => entries.get(key) ?? [])
    const [latest] = known.toSorted((a, b) => b.looked.lookedAt - a.looked.lookedAt)
    const visibility = latest?.model.visibility
    for (const key of keys) {
      const entry = entries.get(key)
      if (entry && visibility && entry.model.visibility !== visibility)
        entries.set(key, { ...entry, model: { ...entry.model, visibility } })
    }
    return entries.get(keys[1] ?? '')?.model ?? null
  }

  /** Looks a model up even if it is fresh; when that takes too long, returns the known one. */
  async function refresh(ref: ModelRef, version: string | null): Promise<Model | null> {
    const key = version === null ? modelName(ref) : `${modelName(ref)}:${version}`
    const known = entries.get(key) ?? (await fromKept(key, ref))
    const found = await within(limits.pageWaitMs, lookUpOnce(key, ref, version))
    return found === undefined ? (known?.model ?? tooSlow(ref)) : found
  }

  return {
    find,
    refresh,
    /** The model in a version, or in its current one if the service does not have that version. */
    async findVersion(ref: ModelRef, version: string, waitMs?: number): Promise<Model | null> {
      const current = await find(ref, null, waitMs)
      if (!isVersionId(version) || current?.version.id === version) return current
      const asked = await find(ref, version, waitMs)
      if (asked?.version.id !== version) return current
      return withLatestVisibility(ref, version) ?? asked
    },
    /** The address of its cover; null when there is none, or the model is not known. */
    async coverOf(ref: ModelRef): Promise<string | null> {
      const known = entries.get(modelName(ref)) ?? (await fromKept(modelName(ref), ref))
      return known?.looked.model.cover_image_url ?? null
    },
  }
}
