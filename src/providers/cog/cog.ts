import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { choiceNames } from '../../domain/instance/choice-texts.ts'
import type { Hardware } from '../../domain/instance/hardware.ts'
import { isImageName, isPinnedImage } from '../../domain/model/addresses/image-name.ts'
import type { Deployment } from '../../domain/model/deployment.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import type { Engines } from '../../engine/engines.ts'
import type { Guard } from '../../outbound/guard.ts'
import { type Channel, createChannel } from '../channel.ts'
import { createFolderDescriptions, type Descriptions } from '../descriptions.ts'
import type { Callback, Probed, Provider, ProviderParts, Received, Run } from '../provider.ts'
import { createResponseReader, mayHoldFileUrls, type ResponseReader } from '../response-reader.ts'
import { createUpstreamClient } from '../upstream/client.ts'
import { createAskings } from './askings.ts'
import { type ContainerAddress, createFleet } from './containers/fleet.ts'
import { originIn, probe } from './containers/probe.ts'
import { fleetState, modelHealth, modelWarmth } from './containers/state.ts'
import { containerUpstreams } from './containers/upstreams.ts'
import { probeOnDemand } from './containers/wake.ts'
import type { ImageAskings } from './images/ask-image.ts'
import { createImageModels } from './images/image-models.ts'
import { createImagePlaces } from './images/places.ts'
import { type ProbeImageOptions, probeImage } from './images/probe-image.ts'
import { registryUpstreams } from './images/registries.ts'
import { type CogLimits, defaultCogLimits } from './limits.ts'
import { readContainerPrediction } from './run/container-prediction.ts'
import { createContainerPlaces, type Places } from './run/placement.ts'
import { runInContainer } from './run/run.ts'
import type { RunUpdate } from './run/run-update.ts'
import { createCogSources } from './sources.ts'

export interface CogOptions {
  /** The containers of the configuration. */
  readonly models: readonly ContainerAddress[]
  /** The models that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
  /** Of its containers, shared with other servers; in its folder when left out. */
  readonly descriptions?: Descriptions | null
  /** For descriptions, and for files that are sent. */
  readonly folder: string
  /** Fetches files of outputs from other hosts. */
  readonly guard: Guard
  /** The container engines; null when there are none. */
  readonly engines?: Engines | null
  /** What containers can be run on, as operators named it. */
  readonly hardware?: readonly Hardware[]
  readonly deployments?: { all(): readonly Deployment[] }
  /** The usual time of a run of a model, in milliseconds; null while that is not known. */
  readonly usualRun?: (ref: ModelRef) => number | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Overrides of `defaultCogLimits`. */
  readonly limits?: Partial<CogLimits>
}

/** Models in Cog containers, each reached by its address: Cog 0.9 and later, and coglet. */
export function createCogProvider(options: CogOptions): Provider {
  const { models: configured, records, folder, guard, now } = options
  const limits = { ...defaultCogLimits, ...options.limits }
  const files = join(folder, 'runs')
  rmSync(files, { recursive: true, force: true })
  const client = createUpstreamClient(limits.requestMs, limits.maxDocumentBytes)
  const descriptions =
    options.descriptions ?? createFolderDescriptions(join(folder, 'descriptions-1'))
  const fleet = createFleet({ configured, records, descriptions, client, limits, now })
  const { engines = null, hardware = [], usualRun = () => null } = options
  const { deployments = { all: () => [] } } = options
  const images =
    engines && createImageModels({ engines, hardware, records, deployments, client, usualRun, now })
  const askings = createAskings<Probed, never>(now)
  const imageAskings: ImageAskings = createAskings(now)
  const inProgress = new Map<string, { channel: Channel<RunUpdate>; responses: ResponseReader }>()
  const closing = new AbortController()

  async function probeText(
    text: string,
    onDemand = false,
    waitMs = limits.apiAskMs,
    key: string | null = null,
  ): Promise<Probed | null> {
    const origin = isPinnedImage(text) ? null : originIn(text)
    if (origin !== null && onDemand)
      return probeOnDemand(origin, { client, limits, now, askings, waitMs })
    if (origin !== null) return probe(origin, { client, now: now(), onDemand })
    return isImageName(text) ? probeAsImage(text, { onDemand, waitMs, key }) : null
  }

  function probeAsImage(
    text: string,
    asked: Pick<ProbeImageOptions, 'onDemand' | 'waitMs' | 'key'>,
  ): Promise<Probed | null> {
    return probeImage(text, { engines, client, now, askings: imageAskings, ...asked })
  }

  async function receive(id: string, body: Callback['body']): Promise<Received> {
    const found = inProgress.get(id)
    if (!found) return 'unknown'
    const { json, large } = await found.responses.read(body)
    const prediction = readContainerPrediction(json)
    if (!prediction) return 'malformed'
    found.channel.push({ type: 'reported', prediction, large, posted: true })
    return 'taken'
  }

  async function placesOf({ version, deployment }: Run): Promise<Places | null> {
    const image = images?.find(version.model, version.id, deployment)
    if (images && image) return createImagePlaces({ image, images, now })
    const served = await fleet.find(version.model)
    return served && createContainerPlaces({ served, limits, now })
  }

  return {
    name: 'cog',
    label: 'Cog',
    title: 'Cog',
    origin: 'it is set in COG_MODELS',
    sources: createCogSources({
      configured,
      probe: probeText,
      probeImage: (text) =>
        probeAsImage(text, { onDemand: true, waitMs: limits.apiAskMs, key: null }),
    }),
    startsOnDemand: true,
    wantsFiles: true,
    resumes: true,
    runsHere: false,
    async models() {
      const served = await fleet.all()
      return [...served, ...(images?.all() ?? [])].map(({ model }) => model)
    },
    async find(ref, version) {
      return images?.find(ref, version)?.model ?? (await fleet.find(ref))?.model ?? null
    },
    ...(images ? { earlier: async () => images.earlier() } : {}),
    probe: ({ text, onDemand, key }) => probeText(text, onDemand, limits.pageAskMs, key),
    async upstreams() {
      const all = await fleet.all()
      const serving = all.flatMap(({ ref }) =>
        fleet.containersOf(ref).map((one) => ({ ref, serving: one })),
      )
      return [...containerUpstreams(serving), ...registryUpstreams(images?.all() ?? [])]
    },
    async state() {
      const all = await fleet.all()
      return fleetState(all.flatMap(({ ref }) => fleet.containersOf(ref)))
    },
    warmth: (ref) => images?.warmth(ref) ?? modelWarmth(fleet.containersOf(ref)),
    health: (ref) => images?.health(ref) ?? modelHealth(fleet.containersOf(ref)),
    instanceChoices(ref) {
      if (images?.find(ref)) return choiceNames
      return fleet.containersOf(ref).some(({ onDemand }) => onDemand) ? ['boot'] : []
    },
    ...(images ? { instances: images.forOperators } : {}),
    asset: async () => null,
    async *run(run) {
      const places = await placesOf(run)
      if (!places) {
        yield { type: 'failed', error: noContainer }
        return
      }
      const channel = createChannel<RunUpdate>()
      const signal = AbortSignal.any([run.signal, closing.signal])
      const folder = join(files, run.id)
      const responses = responseReader(run, places, folder)
      inProgress.set(run.id, { channel, responses })
      try {
        const own = { places, client, guard, limits, responses, channel, now, folder }
        yield* runInContainer({ ...own, run: { ...run, signal } })
      } finally {
        inProgress.delete(run.id)
        await responses.close()
      }
    },
    receive: (id, { body }) => receive(id, body),
    elsewhere: {
      // The end comes with the response to the request for the run: progress may be lost.
      receive: async ({ body }) => ({
        received: 'taken',
        text: body.byteLength > mostForwarded ? null : new TextDecoder().decode(body),
      }),
      told: (id, text) => void receive(id, new TextEncoder().encode(text)).catch(() => {}),
    },
    async close() {
      fleet.close()
      closing.abort('closed')
      await Promise.all([askings.close(), imageAskings.close()])
      await images?.instances.close()
    },
  }
}

/** The containers of this server's configuration, and those that operators added. */
export function cogProvider(parts: ProviderParts): Provider {
  const { config, records, deployments, guard, now, engines, usualRun } = parts
  const folder = join(config.data, 'cog')
  const descriptions = parts.descriptionsOf?.('cog') ?? null
  const { hardware } = config
  const own = {
    records,
    deployments,
    hardware,
    guard,
    folder,
    descriptions,
    now,
    engines,
    usualRun,
  }
  return createCogProvider({ models: config.cogModels, ...own })
}

/** Of progress that came to another replica, in bytes: it is passed on in a notification of the database. */
const mostForwarded = 6_000

const noContainer =
  'This model cannot run: it was deleted, or its container is no longer configured.'

function responseReader(run: Run, { origins }: Places, folder: string): ResponseReader {
  const isAll = mayHoldFileUrls(run.version.schema.output)
  const addresses = isAll ? 'all' : origins
  return createResponseReader({ run, folder, addresses })
}
