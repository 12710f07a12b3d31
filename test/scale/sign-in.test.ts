import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCookieBrowser } from '../support/cookie-browser.ts'
import { eventually } from '../support/eventually.ts'
import {
  client,
  closeServer,
  environmentFor,
  type IdentityProvider,
  startIdentityProvider,
} from '../support/identity-provider.ts'
import { createReplicaApps } from '../support/replica-apps.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'
const keys = await generateKeyPair('RS256', { extractable: true })
const server = createServer()

let url: string
let identity: IdentityProvider
let apps: Awaited<ReturnType<typeof createReplicaApps>>
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  url = `http://127.0.0.1:${port}`
  const key = { ...(await exportJWK(keys.privateKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  identity = await startIdentityProvider({
    app: url,
    people: { ann: { preferred_username: 'ann' } },
    configuration: { jwks: { keys: [key] } },
  })
  const environment = environmentFor(identity, { PORT: String(port), SANDPIT_URL: url })
  apps = await createReplicaApps({ models: [], environment })
  const listeners = [apps.first, apps.second].map(({ app }) => getRequestListener(app.fetch))
  let asked = 0
  server.on('request', (request, response) => {
    void listeners[asked++ % listeners.length]?.(request, response)
  })
})
afterAll(async () => {
  await closeServer(server)
  await identity.close()
  await apps.close()
})

async function signedIn() {
  const ann = createCookieBrowser()
  await ann.signIn(`${url}/sign-in`, 'ann')
  const status = async () => (await ann.ask(`${url}/predictions`)).status
  expect([await status(), await status(), await status()]).toEqual([200, 200, 200])
  /** Of one request to each replica. */
  const statuses = async () => [await status(), await status()]
  return { statuses }
}

async function logoutToken(): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const usual = { iss: identity.issuer, aud: client.id, iat: now, exp: now + 120, jti: 'one' }
  return new SignJWT({ ...usual, sub: 'ann', events: { [event]: {} } })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .sign(keys.privateKey)
}

it('signs in over any replicas, and signs out at all when the provider tells one', async () => {
  const { statuses } = await signedIn()
  const body = new URLSearchParams({ logout_token: await logoutToken() })
  const told = await fetch(`${url}/sign-out/back-channel`, { method: 'POST', body })
  expect(told.status).toBe(200)
  await eventually(async () => expect(await statuses()).toEqual([401, 401]))
})

it('ends a session everywhere that an operator ends at one', async () => {
  const { statuses } = await signedIn()
  const person = await apps.first.store.findSubject(identity.issuer, 'ann')
  for (const { hash } of await apps.first.store.sessionsOf(person?.id ?? ''))
    await apps.first.store.endSession(hash)
  await eventually(async () => expect(await statuses()).toEqual([401, 401]))
})
