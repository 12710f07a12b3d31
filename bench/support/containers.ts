import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { usualInstances } from '../../src/domain/instance/choices.ts'
import { noSettings } from '../../src/domain/model/record.ts'
import type { Engine } from '../../src/engine/client.ts'
import { labels } from '../../src/engine/labels.ts'
import { sourceOfImages } from '../../src/providers/cog/images/image-source.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { buildImage } from '../../test/support/containers/image.ts'
import { podmanFolder, podmanIn } from '../../test/support/containers/podman.ts'
import { standInModel } from '../../test/support/containers/stand-in-model.ts'
import { type Server, startServer } from '../../test/support/server.ts'
import { usualEnvironment } from './sandpit.ts'

const name = 'localhost/bench/echo:1'
/** Of the container whose end is waited for. */
const briefMs = 1_000

export interface Contained {
  readonly server: Server
  /** The ids of the containers of the server. */
  containers(): Promise<readonly string[]>
  /** The address of the only one: `10.89.0.2`. */
  address(): Promise<string>
}

/**
 * Runs the built server over a container engine of its own, with an image as the models `bench/brief`, whose container
 * soon goes, and `bench/echo`.
 */
export async function withContainers<T>(
  checkout: string,
  use: (contained: Contained) => Promise<T>,
): Promise<T> {
  const podman = podmanIn(podmanFolder())
  const data = mkdtempSync(join(tmpdir(), 'sandpit-data-'))
  const engine = podman.engine()
  let server: Server | null = null
  try {
    await podman.start()
    await buildImage(podman.socket, { name })
    await addModels(data, (await engine.image(name))?.id ?? '')
    server = await startServer({
      checkout,
      data,
      environment: {
        ...usualEnvironment(),
        SANDPIT_ENGINE: `unix://${podman.socket}`,
        SANDPIT_RATE: 'off',
      },
    })
    return await use({ server, ...containersOf(engine) })
  } finally {
    await server?.stop()
    await engine.close()
    await podman.remove()
    rmSync(data, { recursive: true, force: true })
  }
}

/** Writes the models into a database before its server starts. */
async function addModels(data: string, image: string): Promise<void> {
  const { input, output } = standInModel('')
  const version = {
    ...{ named: name, name, image, schemas: { Input: input, Output: output } },
    ...{ streams: false, cogVersion: null, gpu: false, slots: 1, hasInit: true, addedAt: 0 },
  }
  const store = await openSqlite(join(data, 'sandpit.sqlite'))
  for (const [own, idleMs] of [
    ['brief', briefMs],
    ['echo', usualInstances.idleMs],
  ] as const)
    await store.saveModel({
      ref: { owner: 'bench', name: own },
      source: sourceOfImages([version], image),
      hardware: null,
      settings: { ...noSettings, instances: { ...usualInstances, idleMs } },
      createdAt: 0,
      updatedAt: 0,
    })
  await store.close()
}

function containersOf(engine: Engine) {
  const containers = async () => (await engine.list(labels.server)).map(({ id }) => id)
  return {
    containers,
    async address(): Promise<string> {
      const [id = ''] = await containers()
      const [address] = Object.values((await engine.inspect(id))?.addresses ?? {})
      if (address === undefined) throw new Error('There is no container')
      return address
    },
  }
}
