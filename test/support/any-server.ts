import { inject } from 'vitest'
import { newDatabase } from '../scale/support.ts'
import { startReplicas } from './replicas.ts'
import { type Server, type ServerOptions, startServer } from './server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many replicas answer in place of one server. */
    readonly replicas?: number
  }
}

export type AnyServer = Pick<Server, 'url' | 'port' | 'data' | 'stop'>

/**
 * The built server; in the project `replicas` of the tests, several of them behind a proxy. A server with a given data
 * folder, or under a path, is always one.
 */
export async function startAnyServer(options: ServerOptions = {}): Promise<AnyServer> {
  const count = inject('replicas')
  if (!count || options.data !== undefined || options.base) return startServer(options)
  const { environment = {} } = options
  const replicas = await startReplicas({ count, database: await newDatabase(), environment })
  return {
    url: replicas.url,
    port: replicas.proxy.port,
    data: '',
    async stop(signal) {
      await replicas.stop()
      return { code: null, signal: signal ?? null }
    },
  }
}
