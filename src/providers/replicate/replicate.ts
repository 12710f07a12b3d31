import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Model } from '../../domain/model/model.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import { type ModelRef, sameModel } from '../../domain/model-ref.ts'
import type { Guard } from '../../outbound/guard.ts'
import type { Callback, Provider, Received, Run } from '../provider.ts'
import { type Answers, createAnswers, leadsToFiles } from '../response-reader.ts'
import { createClient } from './client.ts'
import { createCovers } from './covers.ts'
import { coverName } from './describe.ts'
import { createAddresses } from './fetcher.ts'
import { defaultLimits, type ReplicateLimits } from './limits.ts'
import { createCatalogue } from './model-lookup.ts'
import { createAbsentProvider } from './no-token.ts'
import { lookForModel, nameIn, pageHosts } from './probe.ts'
import type { LiveRun } from './remote-run.ts'
import { readAccount, readPrediction } from './responses.ts'
import { runAtReplicate } from './run.ts'
import { createSignatures } from './signatures.ts'
import { createAlarm } from './waker.ts'
import { createWarmth } from './warmth.ts'

export interface ReplicateOptions {
  /** Of an account at the service; without one nothing is ever asked of it. */
  readonly token: string | null
  /** Where its API is. */
  readonly url: URL
  /** Where what is known of its models is kept. */
  readonly folder: string
  /** The models that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
  readonly guard: Guard
  /** The largest file that a run may make, in bytes. */
  readonly maxFileBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Instead of `defaultLimits`, for those named. */
  readonly limits?: Partial<ReplicateLimits>
}

/** Replicate, or another service that speaks its API: any model there opens at its name. */
export function createReplicateProvider(options: ReplicateOptions): Provider {
  const { records, now } = options
  const saved = () => records.all().filter(({ source }) => source?.provider === 'replicate')
  if (options.token === null) return createAbsentProvider(saved, now)

  const limits = { ...defaultLimits, ...options.limits }
  const client = createClient({ ...options, token: options.token, limits })
  const addresses = createAddresses(client, options.guard)
  const folders = foldersIn(options.folder)
  const catalogue = createCatalogue({ client, limits, now, folder: folders.models })
  const covers = createCovers(addresses, folders.covers, limits.mostCover, now)
  const signatures = createSignatures(client, limits.secretMs, now)
  const warmth = createWarmth(client.service, now)
  const closing = new AbortController()
  const live = new Map<string, LiveRun>()
  const underWay = new Set<Promise<void>>()
  const mostBytes = options.maxFileBytes
  const closed = closing.signal
  const parts = { client, addresses, limits, folder: folders.runs, mostBytes, now, closing: closed }

  async function find(ref: ModelRef, version?: string, waitMs?: number): Promise<Model | null> {
    const source = records.all().find((record) => sameModel(record.ref, ref))?.source
    if (source && source.provider !== 'replicate') return null
    const wanted = version ?? source?.version ?? null
    return wanted === null
      ? catalogue.find(ref, null, waitMs)
      : catalogue.findVersion(ref, wanted, waitMs)
  }

  function answersOf(run: Run): Answers {
    const isAll = leadsToFiles(run.version.schema.output)
    const own = ['replicate.delivery/', `${client.origin}/`]
    const folder = join(folders.runs, `${run.id}-answers`)
    return createAnswers({ run, folder, addresses: isAll ? 'all' : own })
  }

  async function* run(given: Run) {
    const answers = answersOf(given)
    const own = { remote: given.remote ?? '', stirred: false, alarm: createAlarm(), answers }
    live.set(given.id, own)
    const visit = warmth.enter(given.version.model)
    const over = Promise.withResolvers<void>()
    underWay.add(over.promise)
    try {
      for await (const occurrence of runAtReplicate(given, own, parts)) {
        if (occurrence.type === 'started') visit.began()
        yield occurrence
      }
    } finally {
      live.delete(given.id)
      await answers.end()
      visit.left()
      underWay.delete(over.promise)
      over.resolve()
    }
  }

  async function receive(id: string, callback: Callback): Promise<Received> {
    const found = live.get(id)
    if (!found) return 'unknown'
    const checked = await signatures.check(callback)
    if (checked !== 'taken') return checked === 'repeated' ? 'taken' : checked
    const remote = await idIn(callback.body, found.answers)
    if (remote === null) return 'malformed'
    // A run whose name never came is told by its callback, whose address only it was given.
    if (found.remote === '') found.remote = remote
    if (found.remote !== remote) return 'unknown'
    found.stirred = true
    found.alarm.ring()
    return 'taken'
  }

  return {
    name: 'replicate',
    wantsFiles: false,
    resumes: true,
    async models() {
      const found = await Promise.all(saved().map(({ ref }) => find(ref, undefined, limits.listMs)))
      return found.filter((model) => model !== null)
    },
    find: (ref, version) => find(ref, version),
    async probe(text) {
      const hosts = [...pageHosts, options.url.host]
      const asked = nameIn(text, hosts)
      // It is added as it is now, not as it was when it was last looked at.
      if (asked) await catalogue.findAnew(asked.ref, null)
      return lookForModel(text, { client, find, hosts })
    },
    async state() {
      const { service } = client
      try {
        const { username } = readAccount(await client.get('account', { timeoutMs: limits.stateMs }))
        return { kind: 'works', sentence: `Models at ${service} run on the account ${username}.` }
      } catch (error) {
        const sentence = error instanceof Error ? error.message : `${service} is not responding.`
        return { kind: 'trouble', sentence }
      }
    },
    warmth: warmth.of,
    health: (ref) => warmth.health(ref),
    async asset(ref, name) {
      const address = name === coverName ? catalogue.coverOf(ref) : null
      return address === null ? null : covers.open(address)
    },
    run,
    receive,
    async close() {
      closing.abort('closed')
      const ended = new AbortController()
      const all = Promise.all(underWay).then(() => ended.abort())
      await Promise.race([all, createAlarm().wait(limits.cancelMs, ended.signal)])
      await client.close()
    },
  }
}

async function idIn(body: Callback['body'], answers: Answers): Promise<string | null> {
  try {
    return readPrediction((await answers.read(body)).json ?? null).id
  } catch {
    return null
  }
}

/** The folders that things are kept in; what runs left behind is removed. */
function foldersIn(folder: string) {
  const runs = join(folder, 'runs')
  rmSync(runs, { recursive: true, force: true })
  mkdirSync(runs, { recursive: true, mode: 0o700 })
  return { runs, models: join(folder, 'models-1'), covers: join(folder, 'covers') }
}
