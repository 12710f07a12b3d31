import { isIP } from 'node:net'
import { z } from 'zod'
import { type ServerAddress, serverAddress, withoutEndSlashes } from '../domain/address.ts'
import { type AppAddress, appAddress } from '../domain/model/addresses/app-address.ts'
import { containerOrigin } from '../domain/model/addresses/container-address.ts'
import { type ModelRef, parseModelRef } from '../domain/model-ref.ts'
import { noQuota, parseQuota, type Quota } from '../domain/people/quota.ts'
import { keptKinds, type Retention } from '../domain/prediction/retention.ts'

export interface CogModel {
  readonly ref: ModelRef
  /** `http://gpu-2:5000`. */
  readonly url: string
}

export interface GradioModel extends AppAddress {
  readonly ref: ModelRef
}

export interface OpenAiModel extends ServerAddress {
  readonly ref: ModelRef
}

/** A whole number. */
export function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message))
}

const bytesIn = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

/** A size in bytes: `500MB`. */
export function bytes() {
  return withUnit(bytesIn, /^\d{1,9}(?:B|KB|MB|GB)$/i, 'must be a size such as 500MB')
}

const millisecondsIn = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time in milliseconds: `90s`. */
export function milliseconds() {
  return withUnit(millisecondsIn, /^\d{1,9}(?:ms|s|m|h|d)$/, 'must be a time such as 90s or 30m')
}

function withUnit(units: Readonly<Record<string, number>>, pattern: RegExp, message: string) {
  return z
    .string()
    .regex(pattern, message)
    .transform((text) => {
      const [, number, unit = ''] = /^(\d+)(\D+)$/.exec(text) ?? []
      return Number(number) * (units[unit] ?? units[unit.toUpperCase()] ?? Number.NaN)
    })
}

/** Limits for each minute: `600,3000`, or `off`. */
export function rate() {
  return z
    .string()
    .regex(/^(?:off|[1-9]\d{0,8},[1-9]\d{0,8})$/, 'must be off or two numbers such as 600,3000')
    .transform((text) => {
      const [creations = 0, others = 0] = text.split(',').map(Number)
      return text === 'off' ? null : { creations, others }
    })
}

/** The limits of members: `member=running:2,waiting:20,minute:30,day:200,time:2h`. */
export function quota() {
  return z.string().transform((text, context): Quota => {
    const [role = '', limits = ''] = text.split(/=(.*)/s).map((part) => part.trim())
    const reading = parseQuota(limits)
    const message =
      role === 'member'
        ? !reading.ok && reading.problem
        : 'must begin with member=: operators have no limits, and viewers run nothing'
    if (message) context.addIssue({ code: 'custom', message })
    return { ...noQuota, ...(reading.ok ? reading.quota : {}) }
  })
}

/** How long data is kept: `90d`, `90d,keep:favourites,examples,shared`, or `keep`. */
export function retention() {
  return z
    .string()
    .regex(
      /^(?:keep|[1-9]\d{0,4}d(?:,keep:(?:favourites|examples|shared)(?:,(?:favourites|examples|shared)){0,2})?)$/,
      'must be keep, or a number of days such as 90d or 90d,keep:favourites,examples,shared',
    )
    .transform((text): Retention => {
      const [days = '', kept = ''] = text.split(',keep:')
      if (days === 'keep') return { days: null, keep: [] }
      const named = kept.split(',')
      const keep = keptKinds.filter((kind) => named.includes(kind))
      return { days: Number(days.slice(0, -1)), keep }
    })
}

/** How people sign in. `unset` is `none` for a server that only this machine can reach. */
export type Auth =
  | { readonly kind: 'unset' }
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'header'; readonly name: string }
  /** At a provider: see `SignInSettings`. */
  | { readonly kind: 'oidc' | 'github' }

export function auth() {
  return z
    .string()
    .regex(
      /^(?:none|oidc|github|basic:[^:]+:.+|header:[\w-]+)$/,
      'must be none, oidc, github, basic:USER:PASSWORD or header:NAME',
    )
    .transform((text): Auth => {
      const [kind, name = '', ...rest] = text.split(':')
      if (kind === 'basic') return { kind, user: name, password: rest.join(':') }
      if (kind === 'oidc' || kind === 'github') return { kind }
      return kind === 'header' ? { kind, name: name.toLowerCase() } : { kind: 'none' }
    })
}

/** Models and the origins of their containers: `owner/name=http://host:port`, separated by commas. */
export function cogModels() {
  return z.string().transform((text, context) =>
    listed(text, ',').flatMap((entry): CogModel[] => {
      const [name = '', address = ''] = entry.split(/=(.*)/s)
      const ref = parseModelRef(name)
      const url = containerOrigin(address)
      if (ref && url !== null) return [{ ref, url }]
      const message = `${entry} must be owner/name=http://host:port`
      context.addIssue({ code: 'custom', message })
      return []
    }),
  )
}

/**
 * Models and the functions of Gradio apps that run them: `owner/name=http://host:7860#/function`, separated by
 * commas.
 */
export function gradioModels() {
  return z.string().transform((text, context) =>
    listed(text, ',').flatMap((entry): GradioModel[] => {
      const [name = '', address = ''] = entry.split(/=(.*)/s)
      const ref = parseModelRef(name)
      const found = appAddress(address)
      if (ref && found?.endpoint) return [{ ref, ...found }]
      const message = `${entry} must be owner/name=http://host:7860#/function`
      context.addIssue({ code: 'custom', message })
      return []
    }),
  )
}

/**
 * Models and the servers with OpenAI's API that serve them, each with the server's name for the model:
 * `owner/name=http://host:8000/v1#qwen3-8b`, separated by commas.
 */
export function openAiModels() {
  return z.string().transform((text, context) =>
    listed(text, ',').flatMap((entry): OpenAiModel[] => {
      const [name = '', address = ''] = entry.split(/=(.*)/s)
      const ref = parseModelRef(name)
      const found = serverAddress(address)
      if (ref && found) return [{ ref, ...found }]
      const message = `${entry} must be owner/name=http://host:8000/v1#model`
      context.addIssue({ code: 'custom', message })
      return []
    }),
  )
}

/** The keys of servers by their base URLs: `http://host:8000/v1=sk-…`, separated by commas. */
export function openAiKeys() {
  return z.string().transform((text, context) => {
    const keys = listed(text, ',').flatMap((entry): [string, string][] => {
      const [address = '', key = ''] = entry.split(/=(.*)/s).map((part) => part.trim())
      const found = serverAddress(address)
      if (found && key !== '') return [[found.base, key]]
      const message = `each must be http://host:8000/v1=KEY`
      context.addIssue({ code: 'custom', message })
      return []
    })
    return new Map(keys)
  })
}

/** Host names as in requests, separated by commas: in lower case, without a port. */
export function hostNames() {
  return z.string().transform((text, context) =>
    listed(text, ',').flatMap((entry) => {
      const name = URL.parse(`http://${entry}`)
      if (name && name.host !== '' && name.href === `http://${name.host}/`)
        return [name.hostname.replace(/\.$/, '')]
      context.addIssue({ code: 'custom', message: `${entry} must be the name of a host` })
      return []
    }),
  )
}

/** Origins and address ranges: `http://media.office:8080,10.20.0.0/16`. */
export function outboundAllow() {
  return z.string().transform((text, context) =>
    listed(text, ',').map((entry) => {
      if (!isOrigin(entry) && !isRange(entry)) {
        const message = `${entry} must be an origin such as http://host:8080, or a range such as 10.0.0.0/8`
        context.addIssue({ code: 'custom', message })
      }
      return entry
    }),
  )
}

/** Origins alone: `https://intranet.example,http://studio.example:8080`. */
export function origins() {
  return z.string().transform((text, context) =>
    listed(text, ',').map((entry) => {
      const origin = withoutEndSlashes(entry)
      if (!isOrigin(origin)) {
        const message = `${entry} must be an origin such as https://intranet.example`
        context.addIssue({ code: 'custom', message })
      }
      return URL.parse(origin)?.origin ?? origin
    }),
  )
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`
}

function isRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/')
  const longest = { 4: 32, 6: 128 }[isIP(address)]
  if (longest === undefined || address.includes('%') || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest)
}

/** The parts of a text, trimmed, without empty ones. */
export function listed(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
