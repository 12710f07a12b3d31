import { z } from 'zod'
import { isLoopback } from '../domain/loopback.ts'
import { isOwnerName } from '../domain/model-ref.ts'
import type { GroupRule } from '../domain/people/standing.ts'
import { roles } from '../domain/people/viewer.ts'
import { type Auth, listed, milliseconds } from './values.ts'

/** How people sign in at a provider. */
export interface SignInSettings {
  readonly kind: 'oidc' | 'github'
  /** Of GitHub: the origin of its pages. */
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  /** Separated by spaces. */
  readonly scopes: string
  /** How the client secret is sent to the provider. */
  readonly clientAuth: 'post' | 'basic'
  /** The path of the claim with the groups, separated by dots. */
  readonly groupsClaim: string
  /** The name of the provider, for people. */
  readonly label: string
}

const longestSessionMs = 400 * 24 * 60 * 60_000

/** The variables of signing in at a provider. */
export const signInVariables = {
  SANDPIT_OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'must be a URL' })
    .refine(isSecure, 'must be https, except on this machine')
    .optional(),
  SANDPIT_OIDC_CLIENT_ID: z.string().optional(),
  SANDPIT_OIDC_CLIENT_SECRET: z.string().optional(),
  SANDPIT_OIDC_SCOPES: z.string().optional(),
  SANDPIT_OIDC_CLIENT_AUTH: z.enum(['post', 'basic'], 'must be post or basic').default('post'),
  SANDPIT_OIDC_GROUPS: z
    .string()
    .regex(/^[^.]+(?:\.[^.]+)*$/, 'must be the name of a claim, such as realm_access.roles')
    .default('groups'),
  SANDPIT_OIDC_NAME: z.string().optional(),
  SANDPIT_ALLOW: z.string().default(''),
  SANDPIT_GROUPS: groupRules().prefault(''),
  SANDPIT_SESSION: session().prefault('8h,7d'),
}

type Read = z.infer<z.ZodObject<typeof signInVariables>>

function isSecure(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol !== 'http:' || isLoopback(url.hostname)
}

/** How long a session lasts without use, and in all, in milliseconds: `8h,7d`. */
function session() {
  const message = 'must be two times such as 8h,7d: without use, and in all'
  return z.string().transform((text, context) => {
    const [idle, total, ...more] = text
      .split(',')
      .map((one) => milliseconds().safeParse(one.trim()))
    if (idle?.success && total?.success && more.length === 0) {
      const isRight = 0 < idle.data && idle.data <= total.data && total.data <= longestSessionMs
      if (isRight) return { idleMs: idle.data, totalMs: total.data }
    }
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
}

/** `CLAIM_VALUE=NAMESPACE[:ROLE]` or `CLAIM_VALUE=ROLE`, separated by commas. */
function groupRules() {
  return z.string().transform((text, context) =>
    listed(text, ',').flatMap((entry) => {
      const rule = groupRule(entry)
      if (rule) return [rule]
      const message = `${entry} must be GROUP=NAMESPACE, GROUP=NAMESPACE:ROLE or GROUP=ROLE, with a role of ${roles.join(', ')}`
      context.addIssue({ code: 'custom', message })
      return []
    }),
  )
}

/** Commas in the name of a group are written `%2C`. */
function groupRule(entry: string): GroupRule | null {
  const at = entry.lastIndexOf('=')
  const claim = entry.slice(0, Math.max(at, 0)).replaceAll(/%2C/gi, ',').trim()
  const [first = '', second, ...more] = entry
    .slice(at + 1)
    .trim()
    .split(':')
  const named = roles.find((role) => role === (second ?? first))
  const namespace = second === undefined && named ? null : first
  if (claim === '' || more.length > 0 || (second !== undefined && !named)) return null
  if (namespace !== null && !isOwnerName(namespace)) return null
  return { claim, namespace, role: named ?? 'member' }
}

interface SignInReading {
  readonly settings: SignInSettings | null
  /** One line for each wrong or missing variable. */
  readonly problems: readonly string[]
}

/** Puts the settings together; `url` is the one of this server for people. */
export function readSignIn(
  auth: Auth,
  read: Read,
  { url, host }: { readonly url: URL | null; readonly host: string },
): SignInReading {
  if (auth.kind !== 'oidc' && auth.kind !== 'github')
    return { settings: null, problems: unused(read) }
  const { kind } = auth
  const issuer = read.SANDPIT_OIDC_ISSUER ?? (kind === 'github' ? 'https://github.com' : undefined)
  const { SANDPIT_OIDC_CLIENT_ID: clientId, SANDPIT_OIDC_CLIENT_SECRET: clientSecret } = read
  const problems = missing(kind, { issuer, clientId, clientSecret })
  if (listed(read.SANDPIT_ALLOW, ',').length === 0 && read.SANDPIT_GROUPS.length === 0)
    problems.push(
      'SANDPIT_ALLOW: set it to who may sign in: groups, @example.com or addresses; or to * for everyone with an account there',
    )
  if (url === null && !isLoopback(host))
    problems.push(
      'SANDPIT_URL: set it to the URL that people open: the provider sends them back there',
    )
  if (!issuer || !clientId || !clientSecret || problems.length > 0)
    return { settings: null, problems }
  const scopes = kind === 'github' ? 'read:user user:email read:org' : 'openid profile email'
  return {
    problems,
    settings: {
      kind,
      issuer: new URL(kind === 'github' ? new URL(issuer).origin : issuer),
      clientId,
      clientSecret,
      scopes: read.SANDPIT_OIDC_SCOPES ?? scopes,
      clientAuth: read.SANDPIT_OIDC_CLIENT_AUTH,
      groupsClaim: read.SANDPIT_OIDC_GROUPS,
      label: read.SANDPIT_OIDC_NAME ?? (kind === 'github' ? 'GitHub' : new URL(issuer).hostname),
    },
  }
}

function missing(
  kind: SignInSettings['kind'],
  given: {
    readonly issuer: string | undefined
    readonly clientId: string | undefined
    readonly clientSecret: string | undefined
  },
): string[] {
  const of = kind === 'github' ? 'GitHub' : 'the provider'
  return [
    ...(given.issuer ? [] : ['SANDPIT_OIDC_ISSUER: set it to the URL of the provider']),
    ...(given.clientId
      ? []
      : [`SANDPIT_OIDC_CLIENT_ID: set it to the id that ${of} gave to this server`]),
    ...(given.clientSecret
      ? []
      : [`SANDPIT_OIDC_CLIENT_SECRET: set it to the secret that ${of} gave to this server`]),
  ]
}

/** Settings that would be ignored, which an operator should know. */
function unused(read: Read): string[] {
  const given = [
    ...(read.SANDPIT_OIDC_ISSUER ? ['SANDPIT_OIDC_ISSUER'] : []),
    ...(read.SANDPIT_OIDC_CLIENT_ID ? ['SANDPIT_OIDC_CLIENT_ID'] : []),
    ...(read.SANDPIT_OIDC_CLIENT_SECRET ? ['SANDPIT_OIDC_CLIENT_SECRET'] : []),
    ...(read.SANDPIT_ALLOW === '' ? [] : ['SANDPIT_ALLOW']),
  ]
  return given.map((name) => `${name}: set SANDPIT_AUTH=oidc or SANDPIT_AUTH=github, too`)
}
