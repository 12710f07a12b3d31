import type * as OpenIdClient from 'openid-client'
import { type FailureReason, SignInFailed } from './provider.ts'

/** Answers to `prompt=none` of a provider that would have to show a page. */
const needsPage: readonly string[] = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]

const unreached: readonly string[] = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]

/** Runs a step of a sign-in, and rejects with `SignInFailed` whatever its reason. */
export async function failingPlainly<Value>(
  client: typeof OpenIdClient,
  step: () => Promise<Value>,
): Promise<Value> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof SignInFailed) throw error
    throw new SignInFailed(reasonOf(client, error), messageOf(client, error), { cause: error })
  }
}

function reasonOf(client: typeof OpenIdClient, error: unknown): FailureReason {
  if (error instanceof client.AuthorizationResponseError)
    return needsPage.includes(error.error) ? 'login required' : 'refused'
  if (error instanceof client.ResponseBodyError)
    return error.error === 'invalid_grant' ? 'forged' : 'refused'
  if (error instanceof client.WWWAuthenticateChallengeError) return 'refused'
  const code = codeOf(error)
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return 'clock'
  if (unreached.includes(code) || isNetwork(error)) return 'away'
  return 'forged'
}

/** `fetch` rejects with a `TypeError` without a code when there is no connection. */
function isNetwork(error: unknown): boolean {
  return error instanceof TypeError && codeOf(error) === ''
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}

function messageOf(client: typeof OpenIdClient, error: unknown): string {
  if (
    error instanceof client.AuthorizationResponseError ||
    error instanceof client.ResponseBodyError
  )
    return [error.error, error.error_description].filter(Boolean).join(': ')
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message
}
