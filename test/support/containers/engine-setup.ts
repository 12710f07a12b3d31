/**
 * A container engine for one run of the tests, with an image of a stand-in for Cog.
 * @module
 */
import type { TestProject } from 'vitest/node'
import { buildImage } from './image.ts'
import { type Podman, podmanFolder, podmanIn } from './podman.ts'
import { standIn } from './stand-in-image.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the Podman of the tests. */
    readonly podman: string
  }
}

let podman: Podman | undefined

export async function setup(project: TestProject): Promise<void> {
  podman = podmanIn(podmanFolder())
  await podman.start()
  await buildImage(podman.socket, { name: standIn })
  project.provide('podman', podman.folder)
}

export async function teardown(): Promise<void> {
  await podman?.remove()
}
