import * as client from 'openid-client'
import { z } from 'zod'
import type { SignInSettings } from '../../config.ts'
import { isLoopback } from '../../domain/loopback.ts'
import { failingPlainly } from './failures.ts'
import { type Identity, type IdentityProvider, SignInFailed } from './provider.ts'

const timeoutSeconds = 10
const perPage = 100
const mostPages = 10

const user = z.object({ id: z.number(), login: z.string(), name: z.string().nullish() })
const teams = z.array(z.object({ slug: z.string(), organization: z.object({ login: z.string() }) }))
const organizations = z.array(z.object({ login: z.string() }))
const emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

/**
 * GitHub, or a GitHub Enterprise Server. It has no OpenID Connect: who somebody is comes from its API.
 * Groups are organizations as `org`, and teams as `org/team`.
 */
export function createGithubProvider(
  settings: SignInSettings,
  _now: () => number,
): IdentityProvider {
  const config = configurationOf(settings)
  const plainly = <Value>(step: () => Promise<Value>) => failingPlainly(client, step)

  return {
    authorizationUrl: ({ redirectUri, state, verifier }) =>
      plainly(async () =>
        client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: settings.scopes,
          state,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        }),
      ),

    identify: ({ redirectUri, state, verifier }, query) =>
      plainly(async () => {
        const returned = new URL(`${redirectUri}${query}`)
        const checks = { expectedState: state, pkceCodeVerifier: verifier }
        const { access_token } = await client.authorizationCodeGrant(config, returned, checks)
        return identify(settings, (path) => ask(config, settings, access_token, path))
      }),

    // GitHub has no address to sign out at, and ends no sessions of others.
    endSessionUrl: async () => null,
    readLogout: async () => null,
  }
}

type Ask = (path: string) => Promise<unknown>

async function identify({ issuer }: SignInSettings, ask: Ask): Promise<Identity> {
  const { id, login, name } = user.parse(await ask('/user'))
  const addresses = emails.safeParse(await ask('/user/emails')).data ?? []
  const email = addresses.find(({ primary }) => primary) ?? addresses[0]
  const ofTeams = await allOf(ask, '/user/teams', teams)
  const ofOrganizations = await allOf(ask, '/user/orgs', organizations)
  return {
    issuer: issuer.origin,
    subject: String(id),
    name: name || login,
    wantedHandle: login,
    email: email?.email ?? null,
    emailVerified: email?.verified === true,
    groups: [
      ...ofOrganizations.map(({ login }) => login),
      ...ofTeams.map(({ slug, organization }) => `${organization.login}/${slug}`),
    ],
    groupsCut: ofTeams.length >= mostPages * perPage ? 'there were too many teams to read' : null,
    sid: null,
    idToken: null,
  }
}

async function allOf<Item>(ask: Ask, path: string, list: z.ZodType<Item[]>): Promise<Item[]> {
  const all: Item[] = []
  for (let page = 1; page <= mostPages; page++) {
    const found = list.parse(await ask(`${path}?per_page=${perPage}&page=${page}`))
    all.push(...found)
    if (found.length < perPage) break
  }
  return all
}

/** Asks the API. A scope that an operator left out answers 403 or 404, which counts as an empty list. */
async function ask(
  config: client.Configuration,
  { issuer }: SignInSettings,
  token: string,
  path: string,
): Promise<unknown> {
  const isPublic = issuer.hostname === 'github.com'
  const api = isPublic ? 'https://api.github.com' : `${issuer.origin}/api/v3`
  const headers = new Headers({ Accept: 'application/vnd.github+json' })
  const url = new URL(`${api}${path}`)
  const answer = await client.fetchProtectedResource(config, token, url, 'GET', null, headers)
  if (path !== '/user' && [403, 404].includes(answer.status)) return []
  if (answer.ok) return answer.json()
  const reason = answer.status >= 500 ? 'away' : 'refused'
  throw new SignInFailed(reason, `GitHub answered ${answer.status} to ${url.pathname}.`)
}

function configurationOf({ issuer, clientId, clientSecret, clientAuth }: SignInSettings) {
  const { origin } = issuer
  const authentication =
    clientAuth === 'basic'
      ? client.ClientSecretBasic(clientSecret)
      : client.ClientSecretPost(clientSecret)
  const config = new client.Configuration(
    {
      issuer: origin,
      authorization_endpoint: `${origin}/login/oauth/authorize`,
      token_endpoint: `${origin}/login/oauth/access_token`,
    },
    clientId,
    {},
    authentication,
  )
  config.timeout = timeoutSeconds
  if (isLoopback(issuer.hostname)) client.allowInsecureRequests(config)
  return config
}
