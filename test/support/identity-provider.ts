import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Configuration, Provider } from 'oidc-provider'
import type { Page } from 'playwright'
import { eventually } from './eventually.ts'

export const client = { id: 'sandpit', secret: 'a secret of the client' }

/** What a provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>>

export interface IdentityProviderOptions {
  /** Where people come back: the origin and base path of the app. */
  readonly app: string
  /** Of people by their login; anybody else has none but `sub`. */
  readonly people?: Readonly<Record<string, Claims>>
  readonly configuration?: Configuration
  /** How it takes the secret of the client: in the body when left out. */
  readonly clientAuth?: 'client_secret_post' | 'client_secret_basic'
}

export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>

/** A certified provider on a port of its own. Its pages take any login. */
export async function startIdentityProvider(options: IdentityProviderOptions) {
  const { people = {}, configuration = {} } = options
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer = `http://localhost:${port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${options.app}/sign-in/callback`],
        post_logout_redirect_uris: [`${options.app}/signed-out`],
        backchannel_logout_uri: `${options.app}/sign-out/back-channel`,
        backchannel_logout_session_required: true,
        token_endpoint_auth_method: options.clientAuth ?? 'client_secret_post',
      },
    ],
    cookies: { keys: ['a key'] },
    claims: {
      openid: ['sub', 'sid'],
      profile: ['name', 'preferred_username', 'groups', 'hd', '_claim_names', 'realm_access'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    // Without its guard, which lets it reach nothing on this machine.
    fetch: (url, { method = 'GET', headers, body, signal } = {}) =>
      fetch(url, {
        method,
        ...(headers ? { headers } : {}),
        ...(body ? { body } : {}),
        ...(signal ? { signal } : {}),
      }),
    findAccount: (_context, login) => ({
      accountId: login,
      claims: async () => ({ sub: login, ...people[login] }),
    }),
    ...configuration,
  })
  provider.on('server_error', () => {})
  // Composed for each request, with what a test added in between.
  server.on('request', (request, response) => provider.callback()(request, response))
  return {
    issuer,
    provider,
    /** Answers no more, until it is resumed. */
    pause: () => closeServer(server),
    async resume() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    close: async () => {
      if (server.listening) await closeServer(server)
    },
  }
}

export async function closeServer(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

/** The environment of an app whose people sign in there. */
export function environmentFor(
  { issuer }: { readonly issuer: string },
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    SANDPIT_AUTH: 'oidc',
    SANDPIT_OIDC_ISSUER: issuer,
    SANDPIT_OIDC_CLIENT_ID: client.id,
    SANDPIT_OIDC_CLIENT_SECRET: client.secret,
    SANDPIT_OIDC_NAME: 'Keycloak',
    SANDPIT_ALLOW: '*',
    ...more,
  }
}

/** Goes through the pages of the provider, if it shows any, until a page of `origin` is shown. */
export async function passProvider(page: Page, origin: string): Promise<void> {
  const form = page.locator('form', { has: page.locator('[name=prompt]') })
  const isBack = () => page.url().startsWith(`${origin}/`)
  while (true) {
    await eventually(async () => {
      if (!isBack() && !(await form.isVisible())) throw new Error(`Neither is at ${page.url()}`)
    })
    if (isBack()) return page.waitForLoadState()
    const login = form.locator('[name=login]')
    if ((await login.count()) > 0) {
      await login.fill('ann')
      await form.locator('[name=password]').fill('x')
    }
    await Promise.all([page.waitForNavigation(), form.locator('[type=submit]').click()])
  }
}

/** A port that is free. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await closeServer(probe)
  return port
}
