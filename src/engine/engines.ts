import {
  type ImageName,
  imageName,
  imageText,
  placeOf,
} from '../domain/model/addresses/image-name.ts'
import type { RegistryLogin } from '../domain/model/addresses/registry.ts'
import type { EngineAddress } from './address.ts'
import { type Answer, createAsking, type Question } from './asking.ts'
import { createEngine, type Engine } from './client.ts'
import type { ReadJson } from './connection.ts'
import { EngineError } from './engine-error.ts'
import type { Reach } from './instances/host.ts'
import { createInstances } from './instances/instances.ts'
import type { Instances, InstancesOptions } from './instances/interface.ts'
import type { InstanceLimits } from './instances/limits.ts'
import type { Gpu } from './placement/situation.ts'
import { createRegistry, pullAuth, type RegistryOptions } from './registry.ts'
import { checkingRoom } from './room.ts'
import { createSharedInstances } from './shared/shared-instances.ts'
import type { Sharing } from './shared/sharing.ts'
import { firstFile } from './tar.ts'

export interface EnginesOptions {
  readonly addresses: readonly EngineAddress[]
  /** The GPUs of an engine. */
  readonly gpusOf: (engine: string) => readonly Gpu[]
  /** The network that this server shares with containers of its own host; null when it runs on that host. */
  readonly sharedNetwork: string | null
  /** The login for the host of a registry; null for none. */
  readonly loginFor: (host: string) => RegistryLogin | null
  /** Gets what a registry keeps at another origin. */
  readonly getElsewhere: RegistryOptions['getElsewhere']
  /** Reads JSON beside the event loop when it is large. */
  readonly readJson: ReadJson
  /** Marks the containers that are of this server. */
  readonly server: string
  readonly keep: boolean
  /** The most that the images of models may take at each engine, in bytes; null for as much as there is. */
  readonly imagesMax: number | null
  /** Where other servers share the containers; null for one that is alone. */
  readonly share: Omit<Sharing, 'now' | 'newId' | 'log'> | null
  readonly now: () => number
  readonly newId: () => string
  readonly log: InstancesOptions['log']
  readonly limits?: Partial<InstanceLimits>
}

/** An image as an engine has it, or a registry. */
export interface FoundImage {
  /** `sha256:…` of its configuration. */
  readonly id: string
  /** The name to pull it by, with its digest; a local name when no registry has it. */
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Whether an engine has it already. */
  readonly isHere: boolean
  /** In bytes: of its layers as they are sent, or as they lie at the engine. */
  readonly size: number
}

/** `none`: nobody has it, and why as a sentence. `away`: those who may have it cannot be asked. */
export type ImageLookup =
  | { readonly kind: 'image'; readonly image: FoundImage }
  | { readonly kind: 'none' | 'away'; readonly sentence: string; readonly asksLogin: boolean }

/** The container engines of this server. */
export interface Engines {
  /** Their names; at least one. */
  readonly names: readonly string[]
  gpusOf(engine: string): readonly Gpu[]
  /**
   * Looks for an image at an engine, then at its registry. Nothing is pulled. Never rejects.
   *
   * @param login For its registry; null for the one that is kept.
   */
  find(name: ImageName, engine: string, login: RegistryLogin | null): Promise<ImageLookup>
  /** Pulls an image when it is not there, starts it once, and asks it what it is. Never rejects. */
  ask(
    engine: string,
    login: RegistryLogin | null,
    question: Omit<Question, 'auth'>,
  ): Promise<Answer>
  /** A file of an image that an engine has; null when it has none, or cannot be asked. Never rejects. */
  fileOf(engine: string, image: string, path: string): Promise<Uint8Array | null>
  /** Begins to run containers. To be called once. */
  run(what: Pick<InstancesOptions, 'workloads' | 'look'>): Instances
}

/** One boots for each CPU of a usual host: more only compete. */
const mostBooting = 4

export function createEngines(options: EnginesOptions): Engines {
  const { addresses, gpusOf, sharedNetwork, loginFor, getElsewhere, readJson, share } = options
  const platform = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch }
  const registry = createRegistry({ loginFor, platform, getElsewhere, readJson })
  const openAll = () => new Map(addresses.map((one) => [one.name, open(one)]))
  const engines = openAll()
  const askings = new Map(
    placesAt(engines).map(({ engine, reach }) => [
      engine.name,
      createAsking({ ...options, authFor, engine, reach }),
    ]),
  )

  async function closeAskings(): Promise<void> {
    await Promise.all([...askings.values()].map((one) => one.close()))
  }

  function open(address: EngineAddress): Engine {
    const engine = createEngine(address, readJson)
    // The disk of another host cannot be seen, nor that of this one from a container.
    const isHere = reachOf(address, sharedNetwork).kind === 'same host'
    return isHere ? checkingRoom({ engine, sizeOf }) : engine
  }

  async function sizeOf(image: string): Promise<number | null> {
    const name = imageName(image)
    const found = name && (await registry.find(name))
    return found?.kind === 'image' ? found.image.size : null
  }

  function authFor(image: string): string | null {
    const host = hostOf(image)
    const login = loginFor(host)
    return login && pullAuth(login, host)
  }

  async function atEngine(name: ImageName, engine: Engine): Promise<FoundImage | null> {
    const text = imageText(name)
    const found = await engine.image(text)
    if (!found) return null
    const pulled = found.digests.find((one) => isSamePlace(one, name))
    return {
      id: found.id,
      name: pulled ?? text,
      labels: found.labels,
      isHere: true,
      size: found.size,
    }
  }

  function placesAt(all: ReadonlyMap<string, Engine>) {
    return addresses.flatMap((address) => {
      const engine = all.get(address.name)
      const reach = reachOf(address, sharedNetwork)
      return engine ? [{ engine, gpus: gpusOf(engine.name), mostBooting, reach }] : []
    })
  }

  return {
    names: [...engines.keys()],
    gpusOf,
    async find(name, engineName, login) {
      const engine = engines.get(engineName)
      if (!engine)
        return { kind: 'away', sentence: `There is no engine ${engineName}.`, asksLogin: false }
      let away = ''
      try {
        const found = await atEngine(name, engine)
        if (found) return { kind: 'image', image: found }
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        away = `The engine ${engineName} cannot be asked: ${error.message}.`
      }
      if (name.registry === 'localhost')
        return away === ''
          ? { kind: 'none', sentence: 'The engine has no image by this name.', asksLogin: false }
          : { kind: 'away', sentence: away, asksLogin: false }
      const asked = await registry.find(name, login)
      if (asked.kind === 'image') {
        const { id, digest, labels, size } = asked.image
        const pullable = imageText({ ...name, digest })
        return { kind: 'image', image: { id, name: pullable, labels, isHere: false, size } }
      }
      const asksLogin = asked.kind === 'none' && asked.asksLogin
      return { kind: asked.kind, sentence: `${asked.sentence} ${away}`.trimEnd(), asksLogin }
    },
    async ask(engineName, login, question) {
      const auth = login && pullAuth(login, hostOf(question.image.name))
      const asking = askings.get(engineName)
      const none = {
        kind: 'silent',
        sentence: `There is no engine ${engineName}.`,
        logs: '',
      } as const
      return asking ? asking.ask({ ...question, auth }) : none
    },
    async fileOf(engineName, image, path) {
      try {
        const archive = await askings.get(engineName)?.fileOf(image, path)
        return archive ? firstFile(archive) : null
      } catch (error) {
        if (error instanceof EngineError) return null
        throw error
      }
    },
    run(what) {
      const own = { ...options, ...what, authFor }
      if (!share) {
        const instances = createInstances({ ...own, engines: placesAt(engines) })
        return {
          ...instances,
          async close() {
            await closeAskings()
            await instances.close()
          },
        }
      }
      const shared = createSharedInstances({
        ...own,
        ...share,
        // Whoever runs the containers leaves them to the next, and opens connections of its own.
        start: ({ mayAct }) =>
          createInstances({ ...own, engines: placesAt(openAll()), keep: true, mayAct }),
      })
      return {
        ...shared,
        async close() {
          await closeAskings()
          await shared.close()
          await Promise.all([...engines.values()].map((engine) => engine.close()))
        },
      }
    },
  }
}

/** An engine behind a socket is on the host of this server. */
function reachOf({ socket, origin }: EngineAddress, sharedNetwork: string | null): Reach {
  if (socket === null) return { kind: 'other host', host: new URL(origin).hostname }
  return sharedNetwork === null
    ? { kind: 'same host' }
    : { kind: 'shared network', network: sharedNetwork }
}

/** Whether a name with a digest is of the repository of another: Podman writes out what Docker leaves out. */
function isSamePlace(pulled: string, name: ImageName): boolean {
  const other = imageName(pulled)
  if (!other) return false
  const [a, b] = [placeOf(other), placeOf(name)]
  return a.host === b.host && a.repository === b.repository
}

/** The host of the registry of a name that is to be pulled. */
function hostOf(image: string): string {
  const name = imageName(image)
  return name === null ? '' : placeOf(name).host
}
