import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Configuration } from 'oidc-provider'
import {
  type Claims,
  closeServer,
  environmentFor,
  type IdentityProviderOptions,
  startIdentityProvider,
} from './identity-provider.ts'
import { createTestApp, type TestAppOptions } from './test-app.ts'

export interface SignedInOptions extends TestAppOptions {
  readonly people?: Readonly<Record<string, Claims>>
  readonly provider?: Configuration
  /** How the provider takes the secret of the client. */
  readonly clientAuth?: IdentityProviderOptions['clientAuth']
  /** The path that the app is served under. */
  readonly base?: string
}

export type SignedInApp = Awaited<ReturnType<typeof startSignedInApp>>

/** The app on a socket, with a real provider at which its people sign in. */
export async function startSignedInApp(options: SignedInOptions = {}) {
  const { base = '', people, provider: configuration, clientAuth, ...appOptions } = options
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const url = origin + base
  const identity = await startIdentityProvider({
    app: url,
    ...(people ? { people } : {}),
    ...(clientAuth ? { clientAuth } : {}),
    ...(configuration ? { configuration } : {}),
  })
  const environment = environmentFor(identity, {
    PORT: String(port),
    SANDPIT_URL: url,
    ...options.environment,
  })
  const sandpit = await createTestApp({ models: [], ...appOptions, environment })
  server.on('request', getRequestListener(sandpit.app.fetch))
  return {
    sandpit,
    identity,
    /** The URL of the app, with its path. */
    url,
    origin,
    async close() {
      await closeServer(server)
      await identity.close()
      await sandpit.close()
    },
  }
}
