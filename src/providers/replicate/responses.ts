import { z } from 'zod'
import { beginning } from '../../domain/json/excerpt.ts'
import { isObject, type Json, type JsonObject } from '../../domain/json/json.ts'
import { statuses } from '../../domain/prediction/prediction.ts'
import { UpstreamError } from './upstream-error.ts'

const json = z.custom<Json>((value) => value !== undefined)
const object = z.custom<JsonObject>((value) => isObject(value as Json))

const version = z.object({
  id: z.string(),
  created_at: z.string().catch(''),
  openapi_schema: json,
  cog_version: z.string().nullish().catch(null),
})
export type UpstreamVersion = z.infer<typeof version>

/** The members of a model that we use. A member that is not as documented counts as missing. */
const model = z.object({
  owner: z.string(),
  name: z.string(),
  description: z.string().nullish().catch(null),
  visibility: z.enum(['public', 'private']).catch('public'),
  is_official: z.boolean().catch(false),
  cover_image_url: z.string().nullish().catch(null),
  github_url: z.string().nullish().catch(null),
  paper_url: z.string().nullish().catch(null),
  license_url: z.string().nullish().catch(null),
  default_example: z.object({ input: object }).nullish().catch(null),
  latest_version: version.nullish().catch(null),
})
export type UpstreamModel = z.infer<typeof model>

const prediction = z.object({
  // It becomes part of URLs.
  id: z.string().regex(/^[\w-]{1,100}$/),
  status: z.enum(statuses),
  output: json.optional(),
  error: json.optional(),
  logs: z.string().nullish().catch(null),
  metrics: object.nullish().catch(null),
  data_removed: z.boolean().catch(false),
  deadline: z.string().nullish().catch(null),
  webhook: z.string().nullish().catch(null),
  urls: z.object({ stream: z.string().optional() }).catch({}),
})
export type UpstreamPrediction = z.infer<typeof prediction>

const file = z.object({ urls: z.object({ get: z.url() }) })
const secret = z.object({ key: z.string().min(1) })
const account = z.object({ username: z.string() })
const versions = z.object({
  results: z.array(z.object({ id: z.string(), created_at: z.string().catch('') })),
})

export const readModel = reader(model)
export const readVersion = reader(version)
export const readVersions = reader(versions)
export const readUpstreamPrediction = reader(prediction)
export const readFile = reader(file)
export const readSecret = reader(secret)
export const readAccount = reader(account)

/** Parses a response by its schema; throws `UpstreamError` when it does not fit. */
function reader<T extends z.ZodType>(shape: T): (answer: Json) => z.infer<T> {
  return (answer) => {
    const read = shape.safeParse(answer)
    if (read.success) return read.data
    const raw = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new UpstreamError('The response of the service is not valid.', {
      kind: 'garbled',
      raw: beginning(raw.join('\n'), 1_000),
    })
  }
}
