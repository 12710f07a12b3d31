import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { nothingToNote } from '../../domain/model/model.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import type { Probed, Provider, ProviderParts, Where } from '../provider.ts'
import { createUpstreamClient } from '../upstream/client.ts'
import { type ComfyLimits, defaultComfyLimits } from './limits.ts'
import { probe } from './probe.ts'
import { refreshChoices } from './refresh.ts'
import { runWorkflow } from './run/run.ts'
import { createFleet } from './servers/fleet.ts'
import { fleetState, healthOf, upstreamsOf, warmthOf } from './servers/state.ts'
import { createComfySources } from './sources.ts'

export interface ComfyOptions {
  /** The models that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
  /** The key for the URL of a server; null for none. */
  keyOf(url: string): string | null
  /** For files that are sent. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Overrides of `defaultComfyLimits`. */
  readonly limits?: Partial<ComfyLimits>
}

/** Workflows of ComfyUI, each at the servers that an operator named. */
export function createComfyProvider(options: ComfyOptions): Provider {
  const { records, keyOf, folder, now } = options
  const limits = { ...defaultComfyLimits, ...options.limits }
  const files = join(folder, 'runs')
  rmSync(files, { recursive: true, force: true })
  const client = createUpstreamClient(limits.requestMs, limits.maxDocumentBytes)
  const fleet = createFleet({ records, keyOf, client, limits })
  const closing = new AbortController()

  function probeText(where: Where): Promise<Probed | null> {
    return probe(where, { client, keyOf, now: now() })
  }

  return {
    name: 'comfyui',
    label: 'ComfyUI',
    title: 'ComfyUI',
    origin: 'it was uploaded here',
    sources: createComfySources(probeText, (source) => refreshChoices(source, { client, keyOf })),
    wantsFiles: true,
    resumes: true,
    runsHere: false,
    models: async () => fleet.all().map(({ model }) => model),
    find: async (ref) => fleet.find(ref)?.model ?? null,
    probe: probeText,
    upstreams: async () => upstreamsOf(fleet.all()),
    state: async () => fleetState(fleet.all()),
    warmth: (ref) => warmthOf(fleet.find(ref)?.servers ?? []),
    health: (ref) => {
      const served = fleet.find(ref)
      return served ? healthOf(served.servers) : nothingToNote
    },
    asset: async () => null,
    async *run(run) {
      const served = fleet.find(run.version.model)
      if (!served || (served.model.version.id !== run.version.id && run.remote === null)) {
        yield { type: 'failed', error: served ? changed : gone }
        return
      }
      const signal = AbortSignal.any([run.signal, closing.signal])
      const own = { served, client, limits, now, folder: join(files, run.id) }
      yield* runWorkflow({ ...own, run: { ...run, signal } })
    },
    async close() {
      fleet.close()
      closing.abort('closed')
    },
  }
}

const gone = 'This model cannot run: its workflow was removed.'
const changed =
  'The model has changed since this was created. Run it again to use the current version.'

/** The workflows that operators uploaded. */
export function comfyProvider({ config, records, keys, now }: ProviderParts): Provider {
  const folder = join(config.data, 'comfyui')
  return createComfyProvider({ records, keyOf: keys.of, folder, now })
}
