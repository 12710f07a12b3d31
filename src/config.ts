import { delimiter, resolve } from 'node:path'
import type { z } from 'zod'
import type { EngineSetting, GpuSetting, RegistrySetting } from './config/engines.ts'
import { unknownVariables } from './config/names.ts'
import { readS3, type S3Settings } from './config/s3.ts'
import { readSignIn, type SignInSettings } from './config/sign-in.ts'

export type { S3Settings, SignInSettings }

import {
  type Auth,
  type CogModel,
  type GradioModel,
  listed,
  type OpenAiModel,
} from './config/values.ts'
import { clientVariables, variableNames, variables } from './config/variables.ts'
import { withoutEndSlashes } from './domain/address.ts'
import type { Hardware } from './domain/instance/hardware.ts'
import { isLoopback } from './domain/loopback.ts'
import type { Quota } from './domain/people/quota.ts'
import type { ShareRule } from './domain/people/share.ts'
import type { StandingRules } from './domain/people/standing.ts'
import type { Retention } from './domain/prediction/retention.ts'

/** The settings of the operator, read once at the start. */
export interface Config {
  readonly port: number
  readonly host: string
  /** The PostgreSQL database; null for SQLite in the data folder. */
  readonly databaseUrl: string | null
  /** The bucket that files are kept in; null for the data folder. */
  readonly s3: S3Settings | null
  /** Absolute path of the data folder. */
  readonly data: string
  /** The URL of this server for people, without a slash at the end; null when it is not set. */
  readonly url: URL | null
  /** The URL of this server for upstreams, without a slash at the end; null when they cannot reach it. */
  readonly callbackUrl: URL | null
  /** The path under which this server is served: empty, or `/sandpit`. */
  readonly base: string
  /** Host names that requests may have, besides those of loopback and of `url`. */
  readonly hosts: readonly string[]
  readonly trustProxy: boolean
  /** The secret that keys are derived from; null for the key file in the data folder. */
  readonly secret: string | null
  /** Folders of model folders, besides `models`. */
  readonly models: readonly string[]
  readonly auth: Auth
  /** How people sign in at a provider; null when they do not. */
  readonly signIn: SignInSettings | null
  /** Who is let in, and as what. */
  readonly standing: StandingRules
  /** How long a session lasts without use, and in all, in milliseconds. */
  readonly session: { readonly idleMs: number; readonly totalMs: number }
  /** Whether people on this machine are operators when there is no sign-in. */
  readonly localOperator: boolean
  /** Who sees a new prediction, where nobody says. */
  readonly predictions: 'public' | 'private'
  /** How long the data of predictions is kept. */
  readonly retention: Retention
  /** Which share links open. */
  readonly shares: ShareRule
  /** The origins whose pages may frame models and ask for their fragments; none by default. */
  readonly embedOrigins: readonly string[]
  /** Whose predictions may be judged: those that one sees, one’s own, or none. */
  readonly judges: 'everyone' | 'own' | 'off'
  /** Tokens that may use the API; empty allows any client on this machine. */
  readonly apiTokens: readonly string[]
  /** How the API returns files: as URLs or as `data:` URIs; `auto` for `data:` URIs while the origin is http. */
  readonly apiFiles: 'auto' | 'url' | 'data'
  /** Requests per minute that one account may send to the API, and predictions that it may create in pages; null for no limit. */
  readonly rate: { readonly creations: number; readonly others: number } | null
  /** The limits of members; null for none. */
  readonly quota: Quota | null
  /** The account at Replicate; without one, the token is null. */
  readonly replicate: { readonly token: string | null; readonly url: URL }
  /** The Cog containers of models. */
  readonly cogModels: readonly CogModel[]
  /** The container engines that models are started on; none by default. */
  readonly engines: readonly EngineSetting[]
  /** The folder of the client certificates for engines that are reached over TCP; null for none. */
  readonly engineCerts: string | null
  /** The network that this server shares with the containers that it starts; null when it runs on their host. */
  readonly engineNetwork: string | null
  /** The GPUs of engines, by the engines’ names. */
  readonly gpus: ReadonlyMap<string, readonly GpuSetting[]>
  /** The hardware that containers can be run on, by the names that programs and pages give; none by default. */
  readonly hardware: readonly Hardware[]
  /** Logins for registries of images. */
  readonly registries: readonly RegistrySetting[]
  /** Whether containers run on when the server stops, for the next one to go on with. */
  readonly keepsContainers: boolean
  /** The most that the images of models may take at each engine, in bytes; null for as much as there is. */
  readonly imagesMax: number | null
  /** The functions of Gradio apps that run models. */
  readonly gradioModels: readonly GradioModel[]
  /** The models at servers with OpenAI's API, and keys by the servers' base URLs. */
  readonly openAi: {
    readonly models: readonly OpenAiModel[]
    readonly keys: ReadonlyMap<string, string>
  }
  /** In bytes. */
  readonly maxUpload: number
  readonly maxQueue: number
  /** The most rows of a batch. */
  readonly mostRows: number
  /** The most cells of the grid of a sweep. */
  readonly mostCells: number
  /** In milliseconds. */
  readonly runTimeoutMs: number
  /** How long entries of the audit log are kept, in milliseconds. */
  readonly auditMs: number
  /** The poll interval of panels in milliseconds; null for long polling. */
  readonly pollMs: number | null
  /** Origins and address ranges that may be fetched although they are not public. */
  readonly outboundAllow: readonly string[]
  readonly logLevel: string
}

export type ConfigReading =
  | { readonly ok: true; readonly config: Config }
  /** One line for each wrong variable. */
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reads the environment. An empty variable counts as not set. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): ConfigReading {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value))
  const unknown = unknownVariables(given, variableNames, clientVariables)
  const parsed = variables.safeParse(given)
  const wrong = parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  if (!parsed.success || unknown.length > 0)
    return { ok: false, problems: [...unknown, ...(wrong ?? [])] }
  const config = configOf(parsed.data)
  if (config.databaseUrl !== null && config.secret === null)
    return {
      ok: false,
      problems: [
        'SANDPIT_SECRET: must be set with DATABASE_URL, to the same value for each server: keys are derived from it.',
      ],
    }
  const known = new Set(config.engines.map(({ name }) => name))
  const lost = config.hardware.find(({ engine }) => engine !== null && !known.has(engine))
  if (lost)
    return {
      ok: false,
      problems: [
        `SANDPIT_HARDWARE: ${lost.name} is at ${lost.engine}, which SANDPIT_ENGINE does not name`,
      ],
    }
  if (config.s3 === null && parsed.data.S3_ENDPOINT !== undefined)
    return { ok: false, problems: ['S3_ENDPOINT: set S3_BUCKET, too'] }
  const signIn = readSignIn(config.auth, parsed.data, config)
  if (signIn.problems.length > 0) return { ok: false, problems: signIn.problems }
  if (config.auth.kind === 'unset' && !isLoopback(config.host))
    return {
      ok: false,
      problems: [
        `HOST: ${config.host} can be reached from other machines, and SANDPIT_AUTH is not set. ` +
          'Set it to oidc, github, basic:USER:PASSWORD or header:NAME, or to none to let everyone who can reach this port use it.',
      ],
    }
  const localOperator = parsed.data.SANDPIT_LOCAL_OPERATOR ?? isForThisMachine(config)
  return { ok: true, config: { ...config, signIn: signIn.settings, localOperator } }
}

/** Whether people sign in, by whatever way. */
export function hasPeople({ auth }: Pick<Config, 'auth'>): boolean {
  return auth.kind !== 'unset' && auth.kind !== 'none'
}

type Environment = Omit<Config, 'localOperator' | 'signIn'>

function configOf(read: z.infer<typeof variables>): Environment {
  const { SANDPIT_CALLBACK_URL: callbackUrl } = read
  const auth = read.SANDPIT_AUTH ?? ({ kind: 'unset' } as const)
  const url = read.SANDPIT_URL === undefined ? null : new URL(read.SANDPIT_URL)
  return {
    port: read.PORT,
    host: read.HOST,
    databaseUrl: read.DATABASE_URL ?? null,
    s3: readS3(read),
    data: resolve(read.SANDPIT_DATA),
    url,
    callbackUrl: callbackUrl === undefined ? url : new URL(callbackUrl),
    base: withoutEndSlashes(url?.pathname ?? ''),
    hosts: read.SANDPIT_HOSTS,
    trustProxy: read.SANDPIT_TRUST_PROXY,
    secret: read.SANDPIT_SECRET ?? null,
    models: listed(read.SANDPIT_MODELS, delimiter).map((path) => resolve(path)),
    auth,
    predictions: read.SANDPIT_PREDICTIONS,
    standing: {
      allow: listed(read.SANDPIT_ALLOW, ','),
      groups: read.SANDPIT_GROUPS,
      operators: [
        ...(auth.kind === 'basic' ? [auth.user] : []),
        ...listed(read.SANDPIT_OPERATORS, ',').map((name) => name.normalize()),
      ],
    },
    session: read.SANDPIT_SESSION,
    retention: read.SANDPIT_RETENTION,
    shares: read.SANDPIT_SHARES,
    embedOrigins: read.SANDPIT_EMBED_ORIGINS,
    judges: read.SANDPIT_JUDGES,
    apiTokens: listed(read.SANDPIT_API_TOKENS, ','),
    apiFiles: read.SANDPIT_API_FILES,
    rate: read.SANDPIT_RATE,
    quota: read.SANDPIT_QUOTA ?? null,
    replicate: {
      token: read.REPLICATE_API_TOKEN ?? null,
      url: new URL(read.REPLICATE_API_URL),
    },
    cogModels: read.COG_MODELS,
    engines: read.SANDPIT_ENGINE,
    engineCerts: read.SANDPIT_ENGINE_CERTS ?? null,
    engineNetwork: read.SANDPIT_ENGINE_NETWORK ?? null,
    gpus: read.SANDPIT_GPUS,
    hardware: read.SANDPIT_HARDWARE,
    registries: read.SANDPIT_REGISTRIES,
    keepsContainers: read.SANDPIT_CONTAINERS_KEEP,
    imagesMax: read.SANDPIT_IMAGES_MAX ?? null,
    gradioModels: read.GRADIO_MODELS,
    openAi: { models: read.OPENAI_MODELS, keys: read.OPENAI_KEYS },
    maxUpload: read.SANDPIT_MAX_UPLOAD,
    maxQueue: read.SANDPIT_MAX_QUEUE,
    mostRows: read.SANDPIT_MOST_ROWS,
    mostCells: read.SANDPIT_MOST_CELLS,
    runTimeoutMs: read.SANDPIT_RUN_TIMEOUT,
    auditMs: read.SANDPIT_AUDIT,
    pollMs: read.SANDPIT_POLL ?? null,
    outboundAllow: read.SANDPIT_OUTBOUND_ALLOW,
    logLevel: read.LOG_LEVEL,
  }
}

/** Whether no setting suggests that people on other machines use this server. */
function isForThisMachine(config: Environment): boolean {
  const { host, url, callbackUrl, hosts, trustProxy } = config
  const names = [host, ...hosts, ...[url, callbackUrl].flatMap((at) => at?.hostname ?? [])]
  return !trustProxy && names.every(isLoopback)
}
