import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createCookieBrowser } from '../support/cookie-browser.ts'
import { closeServer } from '../support/identity-provider.ts'
import { listen } from '../support/listen.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

/** What the stand-in for GitHub knows, and was asked. */
const github = {
  user: { id: 583231, login: 'octo-ann', name: 'Ann' } as object,
  teams: [{ slug: 'vision', organization: { login: 'acme' } }] as readonly object[],
  token: { access_token: 'gho_token', token_type: 'bearer', scope: 'read:org' } as object,
  status: 200,
  asked: [] as { readonly path: string; readonly body: string; readonly token: string }[],
}

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const body = await text(request)
  github.asked.push({ path: pathname, body, token: request.headers.authorization ?? '' })
  const pageOf = (all: readonly object[]) => {
    const page = Number(searchParams.get('page'))
    return all.slice((page - 1) * 100, page * 100)
  }
  if (pathname === '/login/oauth/authorize') {
    const back = new URL(searchParams.get('redirect_uri') ?? '')
    back.searchParams.set('code', 'a-code')
    back.searchParams.set('state', searchParams.get('state') ?? '')
    response.writeHead(302, { Location: back.href }).end()
  } else if (pathname === '/login/oauth/access_token') send(response, github.token)
  else if (github.status !== 200) response.writeHead(github.status).end('{}')
  else if (pathname === '/api/v3/user') send(response, github.user)
  else if (pathname === '/api/v3/user/emails')
    send(response, [
      { email: 'old@example.com', primary: false, verified: true },
      { email: 'ann@example.com', primary: true, verified: true },
    ])
  else if (pathname === '/api/v3/user/teams') send(response, pageOf(github.teams))
  else if (pathname === '/api/v3/user/orgs') send(response, pageOf([{ login: 'acme' }]))
  else response.writeHead(404).end('{}')
})

function send(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

let sandpit: TestApp
let listening: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  sandpit = await createTestApp({
    models: [],
    environment: {
      SANDPIT_AUTH: 'github',
      SANDPIT_OIDC_ISSUER: `http://localhost:${port}`,
      SANDPIT_OIDC_CLIENT_ID: 'an-id',
      SANDPIT_OIDC_CLIENT_SECRET: 'a-secret',
      SANDPIT_ALLOW: 'acme',
      SANDPIT_GROUPS: 'acme/vision=vision:operator',
    },
  })
  listening = await listen(sandpit)
})
afterAll(async () => {
  await listening.close()
  await sandpit.close()
  await closeServer(server)
})
beforeEach(() => {
  github.status = 200
  github.asked.length = 0
})

const open = () => createCookieBrowser().open(`${listening.url}/sign-in?to=/settings`)

it('signs in with PKCE, by the number of the account, with organizations and teams as groups', async () => {
  const shown = await open()
  expect(shown.url.pathname).toBe('/settings')
  expect(shown.status).toBe(200)
  const [ann] = await sandpit.store.people(1, null)
  expect(ann).toMatchObject({
    subject: '583231',
    handle: 'octo-ann',
    email: 'ann@example.com',
    emailVerified: true,
    groups: ['acme', 'acme/vision'],
  })
  const exchange = github.asked.find(({ path }) => path === '/login/oauth/access_token')
  expect(exchange?.body).toContain('code_verifier=')
  expect(github.asked.filter(({ token }) => /^bearer gho_token$/i.test(token))).toHaveLength(4)
})

it('reads all pages of teams', async () => {
  const before = github.teams
  github.teams = Array.from({ length: 150 }, (_, at) => ({
    slug: `team-${at}`,
    organization: { login: 'acme' },
  }))
  expect((await open()).status).toBe(403)
  github.teams = before
  const [ann] = await sandpit.store.people(1, null)
  expect(ann?.groups).toHaveLength(151)
})

it('is still the same person under another login', async () => {
  const before = github.user
  github.user = { id: 583231, login: 'ann-renamed' }
  expect((await open()).status).toBe(200)
  github.user = before
  expect(await sandpit.store.people(5, null)).toMatchObject([
    { handle: 'octo-ann', name: 'ann-renamed' },
  ])
})

it('refuses what GitHub refuses, which it says with 200, and says when it is away', async () => {
  const before = github.token
  github.token = { error: 'bad_verification_code', error_description: 'The code is wrong.' }
  expect((await open()).status).toBe(400)
  github.token = before
  github.status = 502
  const away = await open()
  expect(away.status).toBe(503)
  expect(away.text).toContain('GitHub does not answer')
})
