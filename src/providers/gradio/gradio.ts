import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { appAddress } from '../../domain/model/addresses/app-address.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import type { Guard } from '../../outbound/guard.ts'
import { createFolderDescriptions, type Descriptions } from '../descriptions.ts'
import type { Probed, Provider, ProviderParts, Upstream, Where } from '../provider.ts'
import { createUpstreamClient } from '../upstream/client.ts'
import { type ConfiguredEndpoint, createFleet } from './apps/fleet.ts'
import { probe } from './apps/probe.ts'
import { type Hub, huggingFace } from './apps/space.ts'
import { appState, fleetState, modelHealth, modelWarmth } from './apps/state.ts'
import { defaultGradioLimits, type GradioLimits } from './limits.ts'
import { runInApp } from './run/run.ts'
import { createGradioSources } from './sources.ts'

export interface GradioOptions {
  /** The models of the configuration. */
  readonly models: readonly ConfiguredEndpoint[]
  /** The models that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
  /** The key for an address; null for none. */
  keyOf(base: string): string | null
  /** Of its apps, shared with other servers; in its folder when left out. */
  readonly descriptions?: Descriptions | null
  /** For descriptions, and for files that are sent. */
  readonly folder: string
  /** Fetches files of outputs from other hosts. */
  readonly guard: Guard
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Overrides of `defaultGradioLimits`. */
  readonly limits?: Partial<GradioLimits>
  /** Where Spaces run; Hugging Face when left out. */
  readonly hub?: Hub
}

/** Functions of Gradio apps and Spaces, from Gradio 4.15 on. */
export function createGradioProvider(options: GradioOptions): Provider {
  const { models: configured, records, keyOf, folder, guard, now, hub = huggingFace } = options
  const limits = { ...defaultGradioLimits, ...options.limits }
  const files = join(folder, 'runs')
  rmSync(files, { recursive: true, force: true })
  const client = createUpstreamClient(limits.requestMs, limits.maxDocumentBytes)
  const descriptions =
    options.descriptions ?? createFolderDescriptions(join(folder, 'descriptions-1'))
  const fleet = createFleet({ configured, records, descriptions, keyOf, client, hub, limits, now })
  const closing = new AbortController()

  async function probeText({ text, key }: Where): Promise<Probed | null> {
    const address = appAddress(text)
    if (!address) return null
    return probe(address, {
      key: key ?? keyOf(address.base),
      client,
      hub,
      now: now(),
    })
  }

  return {
    name: 'gradio',
    label: 'Gradio',
    title: 'Gradio apps',
    origin: 'it is set in GRADIO_MODELS',
    sources: createGradioSources((text) => probeText({ text }), configured),
    wantsFiles: true,
    resumes: false,
    runsHere: false,
    models: () => Promise.all(fleet.all().map((model) => model.model(limits.listWaitMs))),
    find: async (ref) => (await fleet.find(ref)?.model(limits.pageWaitMs)) ?? null,
    probe: probeText,
    upstreams: async () => upstreamsOf(fleet.apps()),
    state: async () => fleetState(fleet.apps().map(({ app }) => app)),
    warmth: (ref) => modelWarmth(fleet.placesOf(ref)),
    health: (ref) => modelHealth(fleet.placesOf(ref)),
    asset: async () => null,
    async *run(run) {
      const found = fleet.find(run.version.model)
      if (!found) {
        yield { type: 'failed', error: noApp }
        return
      }
      const { places } = found
      const signal = AbortSignal.any([run.signal, closing.signal])
      const slots = slotsOf(run.version.model.owner, run.version.model.name, places.length)
      yield* runInApp({
        ...{ places, slots, client, guard, limits, folder: join(files, run.id) },
        run: { ...run, signal },
        closing: closing.signal,
      })
    },
    async close() {
      fleet.close()
      closing.abort('closed')
    },
  }

  /** An app does not say how many runs it takes, so one for each place, unless an operator sets more. */
  function slotsOf(owner: string, name: string, places: number): number {
    const record = records.all().find(({ ref }) => ref.owner === owner && ref.name === name)
    return Math.max(1, Math.ceil((record?.settings.copies ?? 0) / places))
  }
}

function upstreamsOf(apps: ReturnType<ReturnType<typeof createFleet>['apps']>): Upstream[] {
  return apps.map(({ app, models }) => {
    const sighting = app.sighting()
    const version = sighting?.kind === 'serving' ? ` ${sighting.config.version.slice(0, 20)}` : ''
    const starting = sighting?.kind === 'booting' ? ({ kind: 'starting' } as const) : {}
    const state = { ...appState(app), ...starting }
    return { ...state, address: app.base, title: `Gradio${version}`, models, takesKey: true }
  })
}

const noApp = 'This model cannot run: its app is no longer configured.'

/** The apps of this server's configuration, and those that operators added. */
export function gradioProvider(parts: ProviderParts): Provider {
  const { config, records, guard, keys, now } = parts
  const folder = join(config.data, 'gradio')
  const descriptions = parts.descriptionsOf?.('gradio') ?? null
  const models = config.gradioModels
  return createGradioProvider({
    ...{ models, records, guard, folder, descriptions, now },
    keyOf: keys.of,
  })
}
