import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { serverAddress } from '../../domain/address.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import type { Guard } from '../../outbound/guard.ts'
import { within } from '../../sleep.ts'
import { createFolderDescriptions, type Descriptions } from '../descriptions.ts'
import type { Probed, Provider, ProviderParts, Where } from '../provider.ts'
import { createUpstreamClient } from '../upstream/client.ts'
import { defaultOpenAiLimits, type OpenAiLimits } from './limits.ts'
import { keptKinds, type Place, placeName } from './places.ts'
import { runAtServers } from './run/run.ts'
import { isKind } from './servers/abilities.ts'
import { type ConfiguredPlace, createFleet } from './servers/fleet.ts'
import { probe } from './servers/probe.ts'
import { fleetState, modelHealth, modelWarmth, serverUpstream } from './servers/state.ts'
import { createOpenAiSources } from './sources.ts'

export interface OpenAiOptions {
  /** The models of the configuration. */
  readonly models: readonly ConfiguredPlace[]
  /** The models that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
  /** The key for a base URL; null for none. */
  keyOf(base: string): string | null
  /** What its models can do, where other replicas have them, too; in the folder when left out. */
  readonly descriptions?: Descriptions | null
  /** For what models can do, and for files that are sent. */
  readonly folder: string
  /** Fetches pictures of conversations, and files of outputs from other hosts. */
  readonly guard: Guard
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Overrides of `defaultOpenAiLimits`. */
  readonly limits?: Partial<OpenAiLimits>
}

/** Models at servers with OpenAI's API, and at Ollama. */
export function createOpenAiProvider(options: OpenAiOptions): Provider {
  const { models: configured, records, keyOf, folder, guard, now } = options
  const limits = { ...defaultOpenAiLimits, ...options.limits }
  const files = join(folder, 'runs')
  rmSync(files, { recursive: true, force: true })
  const client = createUpstreamClient(limits.requestMs, limits.maxDocumentBytes)
  const descriptions = options.descriptions ?? createFolderDescriptions(join(folder, 'abilities-1'))
  const fleet = createFleet({ configured, records, keyOf, descriptions, client, limits, now })
  const closing = new AbortController()

  async function probeText({ text, key, kinds }: Where): Promise<Probed | null> {
    const address = serverAddress(text)
    if (!address) return null
    const kept = keptKinds(records.all())
    const kindOf = (place: Place) => {
      const said = kinds?.get(place.model ?? '')
      return isKind(said) ? said : (kept.get(placeName(place)) ?? null)
    }
    return probe(address, { key: key ?? keyOf(address.base), kindOf, client, now: now() })
  }

  return {
    name: 'openai',
    label: 'OpenAI API',
    title: 'OpenAI’s API',
    origin: 'it is set in OPENAI_MODELS',
    sources: createOpenAiSources((text) => probeText({ text }), configured),
    wantsFiles: true,
    resumes: true,
    runsHere: false,
    models: async () => (await fleet.all(limits.listWaitMs)).map((placed) => placed.model()),
    find: async (ref) => (await fleet.find(ref, limits.pageWaitMs))?.model() ?? null,
    probe: probeText,
    async upstreams() {
      const all = fleet.servers()
      await within(limits.listWaitMs, Promise.all(all.map(({ server }) => server.refresh())))
      return all.map(serverUpstream)
    },
    state: async () => fleetState(fleet.servers().map(({ server }) => server)),
    warmth: (ref) => modelWarmth(fleet.placed(ref)),
    health: (ref) => modelHealth(fleet.placed(ref)),
    asset: async () => null,
    async *run(run) {
      const placed = await fleet.find(run.version.model, limits.pageWaitMs)
      if (!placed) {
        yield { type: 'failed', error: noServer }
        return
      }
      const signal = AbortSignal.any([run.signal, closing.signal])
      const own = { placed, client, guard, limits, folder: join(files, run.id), now }
      yield* runAtServers({ ...own, run: { ...run, signal } })
    },
    async close() {
      fleet.close()
      closing.abort('closed')
    },
  }
}

const noServer = 'This model cannot run: its server is no longer configured.'

/** The servers of this server's configuration, and those that operators added. */
export function openAiProvider(parts: ProviderParts): Provider {
  const { config, records, guard, keys, now } = parts
  const folder = join(config.data, 'openai')
  const { models, keys: configuredKeys } = config.openAi
  /** A key that was given on a page wins over one of the configuration. */
  const keyOf = (base: string) =>
    keys.of(`${base}/v1`) ?? keys.of(base) ?? configuredKeys.get(base) ?? null
  const descriptions = parts.descriptionsOf?.('openai') ?? null
  return createOpenAiProvider({ models, records, keyOf, guard, folder, descriptions, now })
}
