import { statfs } from 'node:fs/promises'
import { formatBytes } from '../domain/format-bytes.ts'
import type { Engine } from './client.ts'
import { EngineError } from './engine-error.ts'

/** Layers are kept as they are sent until they are unpacked, and take more room then. */
const timesItsSize = 2

export interface RoomOptions {
  readonly engine: Engine
  /** Of an image as it is sent, in bytes; null when that is not known. */
  readonly sizeOf: (image: string) => Promise<number | null>
}

/** An engine on this host that begins no pull for which its disk has no room. */
export function checkingRoom({ engine, sizeOf }: RoomOptions): Engine {
  async function check(image: string): Promise<void> {
    const free = await freeBytes(engine)
    const size = free === null ? null : await sizeOf(image)
    if (free === null || size === null || free >= size * timesItsSize) return
    const needed = `${formatBytes(size * timesItsSize)} for an image of ${formatBytes(size)}`
    throw new EngineError(
      `its disk has ${formatBytes(free)} free, and needs ${needed}: make room, and try again`,
      507,
    )
  }

  return {
    ...engine,
    async *pull(image, auth, signal) {
      await check(image)
      yield* engine.pull(image, auth, signal)
    },
  }
}

/** What is free where the engine keeps its images; null when it does not say where, or that is elsewhere. */
async function freeBytes(engine: Engine): Promise<number | null> {
  try {
    const folder = await engine.folder()
    if (folder === null) return null
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    // The pull itself says what is wrong.
    return null
  }
}
