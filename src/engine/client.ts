import { z } from 'zod'
import type { EngineAddress } from './address.ts'
import { containerCalls } from './calls/containers.ts'
import { imageCalls } from './calls/images.ts'
import { networkCalls } from './calls/networks.ts'
import { createReading } from './calls/reading.ts'
import { streamCalls } from './calls/streams.ts'
import { createConnection, type ReadJson } from './connection.ts'

/** A container engine: Docker, or Podman by the same API. Every call may reject with `EngineError`. */
export type Engine = ReturnType<typeof createEngine>

export interface EngineFacts {
  readonly product: 'docker' | 'podman'
  /** As it writes it: `24.0.7`, `4.3.1`. Empty when it does not say. */
  readonly version: string
}

export function createEngine(address: EngineAddress, readJson: ReadJson) {
  const connection = createConnection(address, readJson)

  return {
    name: address.name,
    /** Which engine it is. */
    async facts(): Promise<EngineFacts> {
      const { headers } = await connection.done({ path: '/_ping', withinMs: 5_000 })
      const podman = headers['libpod-api-version']
      if (typeof podman === 'string') return { product: 'podman', version: podman }
      const [, version = ''] = /Docker\/(\S+)/.exec(String(headers.server ?? '')) ?? []
      return { product: 'docker', version }
    },
    /** Where it keeps its images, on its host; null when it does not say. */
    async folder(): Promise<string | null> {
      const shape = z.object({ DockerRootDir: z.string().nullish() })
      const call = { path: '/info', withinMs: 5_000 }
      return (await createReading(connection).read(shape, call)).DockerRootDir || null
    },
    ...imageCalls(connection),
    ...containerCalls(connection),
    ...streamCalls(connection),
    ...networkCalls(connection),
    /** Ends all requests under way. */
    close: () => connection.close(),
  }
}
