import { randomFillSync } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createApp } from './app.tsx'
import { createCallbackTokens, ownOriginOf } from './callback-tokens.ts'
import { type Config, hasPeople } from './config.ts'
import { keyFor } from './data-folder.ts'
import { type Database, openDatabase } from './database.ts'
import type { Deps } from './deps.ts'
import { newId } from './domain/id.ts'
import { standingOf } from './domain/people/standing.ts'
import type { Role } from './domain/people/viewer.ts'
import type { Engines, EnginesOptions } from './engine/engines.ts'
import { createDifferences } from './files/drawings/differences.ts'
import { createThumbnails } from './files/drawings/thumbnails.ts'
import type { Files } from './files/files.ts'
import { openFiles } from './files/open.ts'
import { followChanges } from './follow-changes.ts'
import { createGuard } from './outbound/guard.ts'
import { readPageAssets } from './page-assets.ts'
import { createPaths } from './paths.ts'
import { createProviders } from './providers/index.ts'
import type { Provider, ProviderParts } from './providers/provider.ts'
import { readDocument } from './providers/upstream/document.ts'
import { webhookBody } from './routes/api/predictions/webhook-body.ts'
import { createAccountNames } from './routes/people/account-names.ts'
import { createLooks } from './routes/people/looks.ts'
import { createRates } from './routes/request/rates.ts'
import { createViewerIds } from './routes/request/viewer.ts'
import { createShareLinks } from './routes/shares/share-links.ts'
import { openCollectionRecords } from './runner/collection-records.ts'
import { openDeploymentRecords } from './runner/deployment-records.ts'
import { openModelAccess } from './runner/model-access.ts'
import { openModelEdits } from './runner/model-edits.ts'
import { type ModelRecords, openModelRecords } from './runner/model-records.ts'
import type { Log } from './runner/options.ts'
import { createRemovals } from './runner/removals.ts'
import type { ReplicaTiming } from './runner/replicas/heartbeat.ts'
import { createRunTimes } from './runner/run-times.ts'
import { createRunner } from './runner/runner.ts'
import { createStatistics } from './runner/statistics.ts'
import { createStorage } from './runner/storage.ts'
import { openUpstreamKeys } from './runner/upstream-keys.ts'
import { createSeal } from './seal.ts'
import { openModelSearch } from './search/model-search.ts'
import { shareDescriptions } from './share-descriptions.ts'
import { viewerOfAccount } from './sign-in/account-viewer.ts'
import { createKnownPeople } from './sign-in/known-people.ts'
import { providerLoader } from './sign-in/providers/index.ts'
import { createSignIn } from './sign-in/sign-in.ts'
import { batchRevisions } from './store/batched.ts'
import { noticeOperators, noticePeople } from './store/noticed.ts'
import { rememberReads } from './store/remembered.ts'
import type { Store } from './store/store.ts'
import { webhookSecret } from './webhooks/secret.ts'
import { createWebhooks, type WebhooksOptions } from './webhooks/webhooks.ts'

/** The environment of the parts, and replacements for some of them in tests. */
export interface Surroundings {
  /** The environment variables that local models can ask for. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Random, from 0 to 1. */
  readonly chance: () => number
  readonly log: Log
  /** Replaces all providers. */
  readonly providers?: (
    parts: ProviderParts & { readonly records: ModelRecords },
  ) => readonly Provider[]
  /** Wraps the store for all that use it. */
  readonly wrapStore?: (store: Store) => Store
  /** Wraps the file store for all that use it. */
  readonly wrapFiles?: (files: Files) => Files
  /** Of the replicas on a shared database. */
  readonly timing?: Partial<ReplicaTiming>
  readonly webhooks?: Partial<Pick<WebhooksOptions, 'setTimer' | 'answerMs'>>
  /** Replaces the files in `public`. */
  readonly assets?: Pick<Deps, 'assets' | 'assetUrls' | 'stylesheet'>
}

/** How long runs and webhooks may take to end, in milliseconds. */
export interface Grace {
  readonly runs: number
  readonly webhooks: number
  /** How long a replica that stops goes on to answer, so that load balancers see that it is not ready. */
  readonly noticed: number
}

export type Sandpit = Awaited<ReturnType<typeof compose>>

/** Composes the application from its parts, over the data folder of the configuration. */
export async function compose(config: Config, surroundings: Surroundings) {
  const { environment, now, chance, log } = surroundings
  const id = createIds()
  const { timing } = surroundings
  const database = await openDatabase(config, { replica: id(), deadMs: timing?.deadMs, log })
  const { changes, isShared, operatorChanges } = database
  const drain = isShared ? createDrain() : null
  const kept = surroundings.wrapStore?.(database.store) ?? database.store
  const store = noticePeople(
    // A replica can read another’s write before it is told of it: what was read is not remembered.
    operatorChanges
      ? noticeOperators(batchRevisions(kept), async () => {
          changes.tell({ type: 'operators' })
          await operatorChanges
            .add()
            .catch((error) => log.error({ error }, 'Replicas may hear late of a change'))
        })
      : rememberReads(kept),
    (person) => {
      changes.tell({ type: 'person', id: person ?? null })
      personChanged(person)
    },
  )
  function personChanged(person?: string): void {
    people.forget(person)
    if (person !== undefined) runner.limitsChanged(person)
  }
  const opened = await openFiles(config, {
    locks: database.locks,
    now,
    onFault: (error) => log.error({ error }, 'The bucket of files refused, or did not answer'),
  })
  const files = surroundings.wrapFiles?.(opened) ?? opened
  const keyOf = (purpose: string) => keyFor(purpose, config.secret, config.data)
  const records = await openModelRecords(store, now)
  const edits = await openModelEdits(store, now)
  const access = await openModelAccess(store)
  const upstreamKeys = await openUpstreamKeys(store, createSeal(keyOf('upstreams')), now)
  const collections = await openCollectionRecords(store, now)
  const deployments = await openDeploymentRecords(store)
  const guard = createGuard({ allow: config.outboundAllow })
  const paths = createPaths(config.base)
  const key = keyOf('cookies')
  let port = config.port
  const runTimes = createRunTimes(store, { isShared })
  const providers = (surroundings.providers ?? createProviders)({
    config,
    environment,
    now,
    records,
    deployments,
    guard,
    descriptionsOf:
      database.upstreamNotes && shareDescriptions({ notes: database.upstreamNotes, records, log }),
    keys: upstreamKeys,
    engines: await enginesOf(config, keyOf('containers'), upstreamKeys, {
      now,
      newId: id,
      log,
      getElsewhere: guard.get,
      share: shareOf(database),
    }),
    usualRun: (ref) => runTimes.known(ref),
    isPredicted: async (ref, version) => (await store.findVersion(ref, version)) !== null,
  })
  const browserRole: Role | null = hasPeople(config)
    ? null
    : config.localOperator
      ? 'operator'
      : 'member'
  const accounts = { store, rules: config.standing, browserRole }
  const runner = createRunner({
    queue: database.queue,
    usage: database.usage,
    changes,
    replicas: database.replicas,
    inStep: async () => following?.inStep(),
    hostName: hostname(),
    timing,
    coldRun: runTimes.coldRun,
    usualRun: runTimes.known,
    store,
    files,
    providers,
    now,
    newId: id,
    guard,
    records,
    edits,
    access,
    deployments,
    ...createCallbackTokens(config, paths, keyOf('callbacks'), () => ownOriginOf(config, port)),
    seal: createSeal(keyOf('secrets')),
    log,
    runTimeoutMs: config.runTimeoutMs,
    maxQueue: config.maxQueue,
    memberQuota: config.quota,
    viewerOf: (account) => viewerOfAccount(accounts, account),
    roleOf: (person) => standingOf(config.standing, person).role,
    maxFileBytes: config.maxUpload,
  })
  const webhooks = createWebhooks({
    deliveries: store,
    // Not of the runner, which hears of a save a moment after a delivery can be read.
    find: store.find,
    guard,
    bodyOf: (prediction) =>
      webhookBody(
        { config, paths, files, store, key, now, runner },
        originOf(config, port),
        prediction,
      ),
    secretOf: (account) => webhookSecret(key, account),
    now,
    chance,
    log,
    shared: database.receivers && {
      receivers: database.receivers,
      changes: database.changes,
    },
    ...surroundings.webhooks,
  })
  runner.listenToSaves(webhooks.saved)
  const removals = createRemovals({ store, runner, locks: database.locks, now, log })
  const people = createKnownPeople({
    store,
    now,
    rules: config.standing,
    idleMs: config.session.idleMs,
    issuer: config.signIn?.issuer ?? null,
    owners: async () => new Set((await runner.models()).map(({ ref }) => ref.owner)),
  })
  const modelSearch = await openModelSearch({
    store,
    now,
    failed: (error) => log.error({ error }, 'Models could not be indexed for the search'),
  })
  runner.listenToSaves(runTimes.saved)
  const statistics = createStatistics({ store, now, log })
  runner.listenToSaves(statistics.saved)
  const following = operatorChanges
    ? followChanges({
        changes,
        log,
        operatorChanges,
        operators: [records, edits, access, collections, deployments, upstreamKeys],
        personChanged,
        missed() {
          runTimes.forget()
          runner.forgetLimits()
        },
      })
    : null
  const deps: Deps = {
    config,
    paths,
    store,
    files,
    thumbnails: createThumbnails(files, join(config.data, 'thumbnails'), now),
    differences: createDifferences(files, join(config.data, 'differences'), now),
    providers,
    records,
    edits,
    access,
    collections,
    deployments,
    upstreamKeys,
    runner,
    removals,
    locks: database.locks,
    storage: createStorage(store, now),
    runTimes,
    statistics,
    modelSearch,
    webhooks,
    ...(surroundings.assets ?? readPageAssets(paths)),
    key,
    viewerIds: createViewerIds(key),
    accountNames: createAccountNames(store),
    looks: createLooks(),
    people,
    signIn:
      config.signIn &&
      createSignIn({
        people,
        store,
        now,
        newId: id,
        log,
        base: config.base,
        rules: config.standing,
        totalMs: config.session.totalMs,
        provider: providerLoader(config.signIn, now),
        seal: createSeal(keyOf('sign-in')),
      }),
    rates: createRates(config.rate, database.rates),
    shareLinks: createShareLinks(keyOf('shares')),
    embedLinks: createShareLinks(keyOf('embeds')),
    now,
    newId: id,
    isShared,
    upstreamNotes: database.upstreamNotes,
    draining: drain?.signal ?? null,
    inStep: following?.inStep ?? null,
    log,
  }
  await runner.join()
  const ending = createEnding()
  return {
    app: createApp(deps),
    /** The parts of the application. */
    deps,
    /** Sets the port of this server, for the URLs that it gives out. */
    listensOn(actual: number): void {
      port = actual
    },
    /**
     * Where other replicas go on: takes nothing more to run, answers held requests, and lets runs end, while
     * other requests are answered. Else resolves at once.
     */
    async drain(grace: Grace): Promise<void> {
      if (!drain) return
      drain.abort()
      const stopped = runner
        .stop(grace.runs)
        .catch((error) => log.error({ error }, 'Not all was saved: another replica takes it up'))
      await Promise.all([ending.wait('runs', stopped), delay(grace.noticed)])
    },
    /** Accepts no more predictions, lets runs end, and closes all parts. */
    async close(grace: Grace): Promise<void> {
      removals.stop()
      following?.stop()
      const stopped = runner
        .stop(grace.runs)
        .catch((error) => log.error({ error }, 'Not all was saved: the next start takes it up'))
      await ending.wait('runs', stopped)
      await ending.wait('webhooks', webhooks.stop(grace.webhooks))
      await ending.wait('statistics', statistics.close())
      await Promise.all(
        providers.map((provider) => ending.wait(`provider ${provider.name}`, provider.close())),
      )
      await ending.wait('changes', changes.close())
      await ending.wait('locks', database.locks.close())
      await ending.wait('store', store.close())
    },
    /** The parts that are being closed, or could not be. */
    ending: ending.names,
  }
}

/** The container engines; their code is loaded when there are some. */
async function enginesOf(
  config: Config,
  key: string,
  keys: { of(address: string): string | null },
  parts: Pick<EnginesOptions, 'now' | 'newId' | 'log' | 'getElsewhere' | 'share'>,
): Promise<Engines | null> {
  if (config.engines.length === 0) return null
  const { openEngines } = await import('./engine/open.ts')
  return openEngines(config, key, keys, {
    ...parts,
    async readJson(bytes) {
      const read = await readDocument({ bytes, selection: 'all' })
      return read.kind === 'read' ? read.json : undefined
    },
  })
}

/** The means by which replicas share containers; null for a server that is alone. */
function shareOf({ instances, replicas, locks, changes }: Database): EnginesOptions['share'] {
  if (!instances || !replicas) return null
  const live = async () => new Set((await replicas.live()).map(({ id }) => id))
  return { table: instances, replica: replicas.id, live, locks, changes }
}

/** Knows which parts are waited for when a server ends. */
function createEnding() {
  const parts = new Set<string>()
  return {
    names: (): readonly string[] => [...parts],
    async wait(part: string, closed: Promise<void>): Promise<void> {
      parts.add(part)
      await closed
      parts.delete(part)
    },
  }
}

/** Any number of requests listens to its signal. */
function createDrain(): AbortController {
  const drain = new AbortController()
  setMaxListeners(0, drain.signal)
  return drain
}

/** Ids of random bytes. Those are drawn many at a time: a draw takes longer than the rest. */
function createIds(): () => string {
  const drawn = Buffer.alloc(16 * 256)
  let at = drawn.length
  return () => {
    if (at === drawn.length) {
      randomFillSync(drawn)
      at = 0
    }
    at += 16
    return newId(drawn.subarray(at - 16, at))
  }
}

/** The origin of this server for people. */
function originOf({ url, host }: Config, port: number): string {
  if (url) return url.origin
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
