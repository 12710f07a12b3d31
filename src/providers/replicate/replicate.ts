import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Model } from '../../domain/model/model.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import { type ModelRef, sameModel } from '../../domain/model-ref.ts'
import type { Guard } from '../../outbound/guard.ts'
import type { Descriptions } from '../descriptions.ts'
import type { Probed, Provider, ProviderParts, ProviderState } from '../provider.ts'
import { createReplicateClient, type ReplicateClient } from './client.ts'
import { createFetcher } from './fetcher.ts'
import { defaultReplicateLimits, type ReplicateLimits } from './limits.ts'
import { createCovers } from './models/covers.ts'
import { coverName } from './models/describe.ts'
import { createLookedUpFolder } from './models/looked-up.ts'
import { createModelLookup } from './models/model-lookup.ts'
import { nameIn, pageHosts, probeModel } from './models/probe.ts'
import { createServiceSearch } from './models/search.ts'
import { createWarmth } from './models/warmth.ts'
import { createProviderWithoutToken, replicateNames } from './no-token.ts'
import { readAccount } from './responses.ts'
import { createRuns } from './run/runs.ts'
import { createReplicateSources, versionIn } from './sources.ts'

export interface ReplicateOptions {
  /** Of an account at the service; without a token no request is sent to the service. */
  readonly token: string | null
  /** The URL of its API. */
  readonly url: URL
  /** Of its models, shared with other servers; in its folder when left out. */
  readonly descriptions?: Descriptions | null
  /** For descriptions and covers of its models. */
  readonly folder: string
  /** The models that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
  readonly guard: Guard
  /** The largest file that a run may make, in bytes. */
  readonly maxFileBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Overrides of `defaultReplicateLimits`. */
  readonly limits?: Partial<ReplicateLimits>
}

/** Replicate, or another service with its API: every model there opens at its name. */
export function createReplicateProvider(options: ReplicateOptions): Provider {
  const { records, now } = options
  const saved = () => records.all().filter(({ source }) => source?.provider === 'replicate')
  if (options.token === null) return createProviderWithoutToken(saved, now)

  const limits = { ...defaultReplicateLimits, ...options.limits }
  const client = createReplicateClient({ ...options, token: options.token, limits })
  const fetcher = createFetcher(client, options.guard)
  const folders = foldersIn(options.folder)
  const descriptions = options.descriptions ?? createLookedUpFolder(options.folder)
  const lookup = createModelLookup({ client, limits, now, descriptions })
  const covers = createCovers(fetcher, folders.covers, limits.mostCover, now)
  const warmth = createWarmth(client.service, now)
  const closing = new AbortController()
  const shared = { client, fetcher, limits, now, closing: closing.signal }
  const mostBytes = options.maxFileBytes
  const runs = createRuns({ ...shared, folder: folders.runs, mostBytes }, warmth)

  async function find(ref: ModelRef, version?: string, waitMs?: number): Promise<Model | null> {
    const source = records.all().find((record) => sameModel(record.ref, ref))?.source
    if (source && source.provider !== 'replicate') return null
    const wanted = version ?? versionIn(source ?? null)
    return wanted === null
      ? lookup.find(ref, null, waitMs)
      : lookup.findVersion(ref, wanted, waitMs)
  }

  async function probe(text: string): Promise<Probed | null> {
    const hosts = [...pageHosts, options.url.host]
    const asked = nameIn(text, hosts)
    // A model is added in its current state, not in a cached one.
    if (asked) await lookup.refresh(asked.ref, null)
    return probeModel(text, { client, find, hosts })
  }

  return {
    ...replicateNames,
    sources: createReplicateSources(probe),
    wantsFiles: false,
    resumes: true,
    runsHere: false,
    versionsElsewhere: true,
    async models() {
      const { listWaitMs } = limits
      const found = await Promise.all(saved().map(({ ref }) => find(ref, undefined, listWaitMs)))
      return found.filter((model) => model !== null)
    },
    find: (ref, version) => find(ref, version),
    probe: ({ text }) => probe(text),
    search: createServiceSearch(client, now),
    state: () => accountState(client, limits.stateMs),
    warmth: warmth.of,
    health: (ref) => warmth.health(ref),
    async asset(ref, name) {
      const address = name === coverName ? await lookup.coverOf(ref) : null
      return address === null ? null : covers.open(address)
    },
    run: runs.run,
    receive: runs.receive,
    elsewhere: runs.elsewhere,
    async close() {
      closing.abort('closed')
      await runs.allEnded()
      await client.close()
    },
  }
}

/** Replicate's models, on the account of this server's configuration. */
export function replicateProvider(parts: ProviderParts): Provider {
  const { config, records, guard, now, descriptionsOf } = parts
  return createReplicateProvider({
    ...config.replicate,
    folder: join(config.data, 'replicate'),
    descriptions: descriptionsOf?.('replicate') ?? null,
    records,
    guard,
    maxFileBytes: config.maxUpload,
    now,
  })
}

async function accountState(client: ReplicateClient, timeoutMs: number): Promise<ProviderState> {
  const { service } = client
  try {
    const { username } = readAccount(await client.get('account', { timeoutMs }))
    return { kind: 'works', sentence: `Models at ${service} run on the account ${username}.` }
  } catch (error) {
    const sentence = error instanceof Error ? error.message : `${service} is not responding.`
    return { kind: 'trouble', sentence }
  }
}

/** The provider's folders; files of earlier runs are removed. */
function foldersIn(folder: string) {
  const runs = join(folder, 'runs')
  rmSync(runs, { recursive: true, force: true })
  mkdirSync(runs, { recursive: true, mode: 0o700 })
  return { runs, covers: join(folder, 'covers') }
}
