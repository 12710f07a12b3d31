import type { Identity } from './provider.ts'

export type Claims = Readonly<Record<string, unknown>>

/** Far more than a provider sends. */
const most = { groups: 1_000, characters: 500 }

/** Providers that cut lists of groups do so at one of these. */
const cutAt: readonly number[] = [100, 200]

/** Reads who somebody is from the claims of their ID token and of userinfo together. */
export function identityFrom(
  claims: Claims,
  { issuer, subject, groupsClaim, idToken }: IdentitySource,
): Identity {
  const email = textOf(claims.email)
  const wanted = [claims.preferred_username, claims.nickname, email, claims.name]
  const names = [claims.name, claims.preferred_username, claims.nickname, email]
  const groups = groupsIn(claims, groupsClaim)
  return {
    issuer,
    subject,
    name: firstOf(names) ?? subject,
    wantedHandle: firstOf(wanted) ?? '',
    email,
    emailVerified: isProven(issuer, claims),
    groups: [...groups, ...domainOf(claims)],
    groupsCut: cutOf(claims, groupsClaim, groups.length),
    sid: textOf(claims.sid),
    idToken,
  }
}

interface IdentitySource {
  readonly issuer: string
  readonly subject: string
  readonly groupsClaim: string
  readonly idToken: string | null
}

/** Groups as a list, one name, or names separated by commas or spaces. `@` is left to domains. */
function groupsIn(claims: Claims, path: string): readonly string[] {
  const value = valueAt(claims, path)
  const texts = Array.isArray(value)
    ? value.flatMap((one: unknown) => textOf(one) ?? [])
    : (textOf(value)?.split(/[,\s]+/) ?? [])
  const fit = texts.filter((text) => text !== '' && !text.startsWith('@'))
  return [...new Set(fit)].slice(0, most.groups)
}

/** The claim with this name, else the one at the dotted path. */
function valueAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  return path.split('.').reduce<unknown>((at, key) => {
    const isObject = typeof at === 'object' && at !== null && Object.hasOwn(at, key)
    return isObject ? Reflect.get(at, key) : undefined
  }, claims)
}

/** A Workspace domain is proven by Google alone. */
function domainOf({ hd }: Claims): readonly string[] {
  const domain = textOf(hd)
  return domain === null ? [] : [`@${domain.toLowerCase()}`]
}

const google = 'https://accounts.google.com'

/**
 * Whether the provider vouches for the address. Google does so for its own addresses and those of a
 * Workspace alone: any other may have changed hands since it was verified.
 */
function isProven(issuer: string, { email, email_verified, hd }: Claims): boolean {
  if (email_verified !== true && email_verified !== 'true') return false
  if (issuer !== google) return true
  return textOf(hd) !== null || textOf(email)?.toLowerCase().endsWith('@gmail.com') === true
}

function cutOf(claims: Claims, path: string, count: number): string | null {
  const elsewhere = claims._claim_names
  if (typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, path))
    return 'the provider left the list of groups out, as it is too long'
  return cutAt.includes(count)
    ? `the provider sent exactly ${count} groups, where some providers cut the list`
    : null
}

function firstOf(values: readonly unknown[]): string | null {
  return values.map(textOf).find((text) => text !== null) ?? null
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = String(value).trim()
  return text === '' || text.length > most.characters ? null : text
}
