import * as client from 'openid-client'
import type { SignInSettings } from '../../config.ts'
import { isLoopback } from '../../domain/loopback.ts'
import { loadedOnce } from './discovered.ts'
import { failingPlainly } from './failures.ts'
import { identityFrom } from './identity.ts'
import { createLogoutReader } from './logout-token.ts'
import { type Attempt, type IdentityProvider, SignInFailed } from './provider.ts'

const timeoutSeconds = 10
const clockToleranceSeconds = 30

/** A provider of OpenID Connect. It is asked for its endpoints when they are first needed. */
export function createOidcProvider(settings: SignInSettings, now: () => number): IdentityProvider {
  const configuration = loadedOnce(() => discover(settings, now), now)
  const readLogout = createLogoutReader(settings, now)
  const plainly = <Value>(step: (config: client.Configuration) => Promise<Value>) =>
    failingPlainly(client, async () => step(await configuration()))

  return {
    authorizationUrl: (attempt, silent) =>
      plainly(async (config) =>
        client.buildAuthorizationUrl(config, {
          redirect_uri: attempt.redirectUri,
          scope: settings.scopes,
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
          code_challenge_method: 'S256',
          ...(silent ? { prompt: 'none' } : {}),
        }),
      ),

    identify: (attempt, query) =>
      plainly(async (config) => {
        const { tokens, claims } = await claimsOf(config, attempt, query)
        return identityFrom(claims, {
          issuer: config.serverMetadata().issuer,
          subject: claims.sub,
          groupsClaim: settings.groupsClaim,
          idToken: tokens.id_token ?? null,
        })
      }),

    endSessionUrl: (idToken, returnTo) =>
      plainly(async (config) => {
        if (config.serverMetadata().end_session_endpoint === undefined) return null
        return client.buildEndSessionUrl(config, {
          ...(idToken === null ? {} : { id_token_hint: idToken }),
          post_logout_redirect_uri: returnTo,
        })
      }),

    readLogout: (token) =>
      plainly(async (config) => {
        const { issuer, jwks_uri } = config.serverMetadata()
        return jwks_uri === undefined ? null : readLogout(token, issuer, jwks_uri)
      }),
  }
}

/** The claims of the ID token, and those of userinfo besides: many providers send groups there alone. */
async function claimsOf(config: client.Configuration, attempt: Attempt, query: string) {
  const returned = new URL(`${attempt.redirectUri}${query}`)
  const tokens = await client.authorizationCodeGrant(config, returned, {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.verifier,
    idTokenExpected: true,
  })
  const own = tokens.claims()
  if (!own) throw new SignInFailed('forged', 'The provider sent no ID token.')
  const hasMore = config.serverMetadata().userinfo_endpoint !== undefined
  const more = hasMore ? await client.fetchUserInfo(config, tokens.access_token, own.sub) : {}
  return { tokens, claims: { ...more, ...own } }
}

function discover(settings: SignInSettings, now: () => number): Promise<client.Configuration> {
  const { issuer, clientId, clientSecret, clientAuth } = settings
  const authentication =
    clientAuth === 'basic'
      ? client.ClientSecretBasic(clientSecret)
      : client.ClientSecretPost(clientSecret)
  const clock = {
    [client.clockTolerance]: clockToleranceSeconds,
    [client.clockSkew]: Math.round((now() - Date.now()) / 1000),
  }
  return client.discovery(issuer, clientId, clock, authentication, {
    timeout: timeoutSeconds,
    execute: [
      client.enableNonRepudiationChecks,
      ...(isLoopback(issuer.hostname) ? [client.allowInsecureRequests] : []),
    ],
  })
}
