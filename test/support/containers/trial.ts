import { containerSpec } from '../../../src/engine/container-spec.ts'
import { programPath } from '../programs.ts'
import { buildSmallImage } from './image.ts'
import { missingPrograms, type Podman, podmanFolder, podmanIn } from './podman.ts'

/** Why no container can be run on this machine, as part of a sentence; null where it can. */
export async function whyNoContainers(): Promise<string | null> {
  if (process.platform !== 'linux') return 'this is not Linux'
  if (process.getuid?.() !== 0) return 'that needs root'
  const missing = missingPrograms()
  if (missing.length > 0)
    return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`
  const podman = podmanIn(podmanFolder())
  try {
    await podman.start()
    await runOne(podman)
    return null
  } catch (error) {
    return `Podman cannot run one here: ${error instanceof Error ? error.message : error}`
  } finally {
    await podman.remove()
  }
}

/** Runs a container of a program that only waits, with all that containers of models have. */
async function runOne({ socket, engine }: Podman): Promise<void> {
  const name = 'localhost/trial:1'
  await buildSmallImage(socket, { name, program: programPath('catatonit') ?? '', args: ['-P'] })
  const own = engine()
  try {
    const network = 'sandpit-trial'
    await own.ensureNetwork(network, {})
    const id = await own.create('sandpit-trial', {
      ...containerSpec({
        settings: {
          image: name,
          gpus: [],
          memory: null,
          cpus: null,
          isOpen: false,
          isReadOnly: true,
          hasInit: false,
          environment: {},
        },
        product: 'podman',
        reach: { network },
        labels: {},
      }),
    })
    await own.start(id)
    const found = await own.inspect(id)
    if (found?.status !== 'running') throw new Error(`its container is ${found?.status}`)
    await own.remove(id)
    await own.removeNetwork(network)
  } finally {
    await own.close()
  }
}
