import { delimiter, resolve } from 'node:path'
import { z } from 'zod'
import { bytes, type CogModel, cogModels, listed, milliseconds, rate } from './config-values.ts'

/** Everything an operator can set, read once at the start. */
export interface Config {
  readonly port: number
  readonly host: string
  /** Absolute path of the data folder. */
  readonly data: string
  /** Where people reach us, without a slash at the end; null when not said. */
  readonly url: URL | null
  /** How upstreams reach us, without a slash at the end; null when they cannot. */
  readonly callbackUrl: URL | null
  /** The path we are served under: empty, or `/sandpit`. */
  readonly base: string
  /** Host names, besides loopback's and `url`'s, that requests may name. */
  readonly hosts: readonly string[]
  readonly trustProxy: boolean
  /** Signs cookies and seals secrets; null for a key file in the data folder. */
  readonly secret: string | null
  /** Folders of model folders, besides our own. */
  readonly models: readonly string[]
  readonly auth: Auth
  /** Names, as the proxy says them, of those who may add models and change how they run. */
  readonly operators: readonly string[]
  /** Who may use the API; empty: whoever is on this machine. */
  readonly apiTokens: readonly string[]
  /** How the API hands out files: as addresses, as data, or as data while our address is http. */
  readonly apiFiles: 'auto' | 'url' | 'data'
  /** What one client may ask of the API in a minute; null for no limit. */
  readonly rate: { readonly creations: number; readonly others: number } | null
  /** The account at Replicate; a null token for none. */
  readonly replicate: { readonly token: string | null; readonly url: URL }
  /** Cog containers by the model they serve: `owner/name`, and an origin. */
  readonly cogModels: readonly CogModel[]
  /** In bytes. */
  readonly maxUpload: number
  readonly maxQueue: number
  /** In milliseconds. */
  readonly runTimeoutMs: number
  /** How often panels ask, in milliseconds, when they do not wait for an answer; null when they do. */
  readonly pollMs: number | null
  /** Origins and address ranges that may be fetched though they are not on the public internet. */
  readonly outboundAllow: readonly string[]
  readonly logLevel: string
}

/** How people are told apart. `unset` is `none` while only this machine can reach us. */
export type Auth =
  | { readonly kind: 'unset' }
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'header'; readonly name: string }

export type ConfigReading =
  | { readonly ok: true; readonly config: Config }
  /** One line for each variable that is wrong. */
  | { readonly ok: false; readonly problems: readonly string[] }

const variables = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  SANDPIT_DATA: z.string().default('./data'),
  SANDPIT_URL: z.url({ protocol: /^https?$/ }).optional(),
  SANDPIT_CALLBACK_URL: z.url({ protocol: /^https?$/ }).optional(),
  SANDPIT_HOSTS: z.string().default(''),
  SANDPIT_TRUST_PROXY: z.stringbool({ error: 'must be true or false' }).default(false),
  SANDPIT_SECRET: z.string().min(16, 'must be at least 16 characters').optional(),
  SANDPIT_MODELS: z.string().default(''),
  SANDPIT_AUTH: z
    .string()
    .regex(
      /^(?:none|basic:[^:]+:.+|header:[\w-]+)$/,
      'must be none, basic:USER:PASSWORD or header:NAME',
    )
    .optional(),
  SANDPIT_OPERATORS: z.string().default(''),
  SANDPIT_API_TOKENS: z.string().default(''),
  SANDPIT_API_FILES: z.enum(['auto', 'url', 'data']).default('auto'),
  SANDPIT_RATE: rate().prefault('6000,30000'),
  SANDPIT_MAX_UPLOAD: bytes().prefault('1GB'),
  SANDPIT_MAX_QUEUE: z.coerce.number().int().min(1).default(1000),
  SANDPIT_RUN_TIMEOUT: milliseconds().prefault('30m'),
  SANDPIT_POLL: milliseconds()
    .refine((ms) => ms >= 100, 'must be at least 100ms')
    .optional(),
  SANDPIT_OUTBOUND_ALLOW: z.string().default(''),
  REPLICATE_API_TOKEN: z.string().optional(),
  REPLICATE_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.replicate.com/v1'),
  COG_MODELS: cogModels().prefault(''),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/** The names of the variables, for the test that each is documented. */
export const variableNames = Object.keys(variables.shape)

/** Reads the environment. An empty variable counts as not set. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): ConfigReading {
  const given = Object.entries(environment).filter(([, value]) => value !== '')
  const parsed = variables.safeParse(Object.fromEntries(given))
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    }
  const read = parsed.data
  const auth = readAuth(read.SANDPIT_AUTH)
  if (auth.kind === 'unset' && !isLoopback(read.HOST))
    return {
      ok: false,
      problems: [
        `HOST: ${read.HOST} can be reached from other machines, and SANDPIT_AUTH is not set. ` +
          'Set it to basic:USER:PASSWORD or header:NAME, or to none if everyone who can reach this port may use it.',
      ],
    }
  const { SANDPIT_CALLBACK_URL: callbackUrl } = read
  const url = read.SANDPIT_URL === undefined ? null : new URL(read.SANDPIT_URL)
  return {
    ok: true,
    config: {
      port: read.PORT,
      host: read.HOST,
      data: resolve(read.SANDPIT_DATA),
      url,
      callbackUrl: callbackUrl === undefined ? url : new URL(callbackUrl),
      base: url?.pathname.replace(/(?<!\/)\/+$/, '') ?? '',
      hosts: listed(read.SANDPIT_HOSTS, ','),
      trustProxy: read.SANDPIT_TRUST_PROXY,
      secret: read.SANDPIT_SECRET ?? null,
      models: listed(read.SANDPIT_MODELS, delimiter).map((path) => resolve(path)),
      auth,
      operators: listed(read.SANDPIT_OPERATORS, ','),
      apiTokens: listed(read.SANDPIT_API_TOKENS, ','),
      apiFiles: read.SANDPIT_API_FILES,
      rate: read.SANDPIT_RATE,
      replicate: {
        token: read.REPLICATE_API_TOKEN ?? null,
        url: new URL(read.REPLICATE_API_URL),
      },
      cogModels: read.COG_MODELS,
      maxUpload: read.SANDPIT_MAX_UPLOAD,
      maxQueue: read.SANDPIT_MAX_QUEUE,
      runTimeoutMs: read.SANDPIT_RUN_TIMEOUT,
      pollMs: read.SANDPIT_POLL ?? null,
      outboundAllow: listed(read.SANDPIT_OUTBOUND_ALLOW, ','),
      logLevel: read.LOG_LEVEL,
    },
  }
}

/** Whether a host name or address can only be this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host)
  )
}

function readAuth(text: string | undefined): Auth {
  if (text === undefined) return { kind: 'unset' }
  const [kind, name = '', ...rest] = text.split(':')
  if (kind === 'basic') return { kind, user: name, password: rest.join(':') }
  return kind === 'header' ? { kind, name: name.toLowerCase() } : { kind: 'none' }
}
