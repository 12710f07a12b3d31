import { z } from 'zod'
import { engines, gpus, hardware, registries } from './engines.ts'
import { signInVariables } from './sign-in.ts'
import {
  auth,
  bytes,
  cogModels,
  gradioModels,
  hostNames,
  milliseconds,
  openAiKeys,
  openAiModels,
  origins,
  outboundAllow,
  quota,
  rate,
  retention,
  wholeNumber,
} from './values.ts'

const trueOrFalse = { error: 'must be true or false' }

/** The environment variables, with their defaults. */
export const variables = z.object({
  PORT: wholeNumber(0, 65_535).prefault('3000'),
  HOST: z.string().default('127.0.0.1'),
  SANDPIT_DATA: z.string().default('./data'),
  SANDPIT_URL: z.url({ protocol: /^https?$/ }).optional(),
  SANDPIT_CALLBACK_URL: z.url({ protocol: /^https?$/ }).optional(),
  SANDPIT_HOSTS: hostNames().prefault(''),
  SANDPIT_TRUST_PROXY: z.stringbool(trueOrFalse).default(false),
  SANDPIT_LOCAL_OPERATOR: z.stringbool(trueOrFalse).optional(),
  SANDPIT_SECRET: z.string().min(16, 'must be at least 16 characters').optional(),
  SANDPIT_MODELS: z.string().default(''),
  SANDPIT_AUTH: auth().optional(),
  ...signInVariables,
  SANDPIT_OPERATORS: z.string().default(''),
  SANDPIT_PREDICTIONS: z.enum(['public', 'private']).default('public'),
  SANDPIT_RETENTION: retention().prefault('keep'),
  SANDPIT_SHARES: z.enum(['anyone', 'signed-in', 'off']).default('anyone'),
  SANDPIT_EMBED_ORIGINS: origins().prefault(''),
  SANDPIT_JUDGES: z.enum(['everyone', 'own', 'off']).default('everyone'),
  SANDPIT_API_TOKENS: z.string().default(''),
  SANDPIT_API_FILES: z.enum(['auto', 'url', 'data']).default('auto'),
  SANDPIT_RATE: rate().prefault('6000,30000'),
  SANDPIT_QUOTA: quota().optional(),
  SANDPIT_MAX_UPLOAD: bytes().prefault('1GB'),
  SANDPIT_MAX_QUEUE: wholeNumber(1, 1_000_000).prefault('1000'),
  SANDPIT_MOST_CELLS: wholeNumber(1, 1_000).prefault('100'),
  SANDPIT_MOST_ROWS: wholeNumber(1, 100_000).prefault('10000'),
  SANDPIT_AUDIT: milliseconds()
    .refine((ms) => ms >= 86_400_000, 'must be at least 1d')
    .prefault('180d'),
  SANDPIT_RUN_TIMEOUT: milliseconds().prefault('30m'),
  SANDPIT_POLL: milliseconds()
    .refine((ms) => ms >= 100, 'must be at least 100ms')
    .optional(),
  SANDPIT_OUTBOUND_ALLOW: outboundAllow().prefault(''),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' })
    .optional(),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_PREFIX: z
    .string()
    .regex(/^[\w!.*'()-]+(?:\/[\w!.*'()-]+)*\/?$/, 'must be a path such as sandpit/files')
    .or(z.literal(''))
    .default(''),
  REPLICATE_API_TOKEN: z.string().optional(),
  REPLICATE_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.replicate.com/v1'),
  COG_MODELS: cogModels().prefault(''),
  SANDPIT_ENGINE: engines().prefault(''),
  SANDPIT_ENGINE_CERTS: z.string().optional(),
  SANDPIT_ENGINE_NETWORK: z
    .string()
    .regex(/^[\w][\w.-]{0,100}$/, 'must be the name of a network')
    .optional(),
  SANDPIT_GPUS: gpus().prefault(''),
  SANDPIT_IMAGES_MAX: bytes().optional(),
  SANDPIT_HARDWARE: hardware().prefault(''),
  SANDPIT_REGISTRIES: registries().prefault(''),
  SANDPIT_CONTAINERS_KEEP: z.stringbool(trueOrFalse).default(true),
  GRADIO_MODELS: gradioModels().prefault(''),
  OPENAI_MODELS: openAiModels().prefault(''),
  OPENAI_KEYS: openAiKeys().prefault(''),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/** The names of the variables. A test checks that each is documented. */
export const variableNames = Object.keys(variables.shape)

/** Variables of programs that use Sandpit. They may be set in the environment of the server, too. */
export const clientVariables = ['SANDPIT_TOKEN']
