import type { FormatDefinition } from 'ajv'

type Schema = Readonly<Record<string, unknown>>

const text = { type: 'string', minLength: 1 }
const anyText = { type: 'string' }
const orNull = (schema: { readonly type: string }) => ({ ...schema, type: [schema.type, 'null'] })
const time = { type: 'string', format: 'date-time' }
const address = { type: 'string', format: 'uri' }
const maybeText = orNull(anyText)
const maybeTime = orNull(time)
const anything = { type: 'object' }

/** An object that has these, of these types, and may have others. */
function object(properties: Schema, optional: Schema = {}): Schema {
  const required = Object.keys(properties)
  return { type: 'object', required, properties: { ...properties, ...optional } }
}

const either = (schema: Schema) => ({ anyOf: [schema, { type: 'null' }] })
const listOf = (items: Schema) => ({ type: 'array', items })
const pageOf = (item: Schema) =>
  object({ results: listOf(item), next: orNull(address), previous: orNull(address) })

const version = object({
  id: text,
  created_at: time,
  cog_version: { type: 'string', format: 'cog-version' },
  openapi_schema: object({
    components: object({ schemas: object({ Input: anything, Output: anything }) }),
  }),
})

/** Replicate’s own document has no `null` for the times: what has not happened is left out. */
const times = { started_at: maybeTime, completed_at: maybeTime }

const prediction = {
  first: object(
    {
      id: text,
      model: text,
      version: text,
      status: { enum: ['starting', 'processing', 'succeeded', 'failed', 'canceled'] },
      input: anything,
      output: {},
      logs: maybeText,
      error: maybeText,
      metrics: anything,
      created_at: time,
      urls: { type: 'object', additionalProperties: address },
    },
    times,
  ),
  second: object(
    {
      id: text,
      model: text,
      version: text,
      status: {
        enum: ['starting', 'processing', 'succeeded', 'failed', 'canceled', 'aborted'],
      },
      input: anything,
      output: {},
      error: maybeText,
      data_removed: { type: 'boolean' },
      created_at: time,
      urls: object({ get: address, cancel: address, web: address }),
    },
    { ...times, logs: anyText, metrics: anything, source: { enum: ['web', 'api'] } },
  ),
} as const

const modelOf = (example: Schema) =>
  object({
    url: address,
    owner: text,
    name: text,
    description: maybeText,
    visibility: { enum: ['public', 'private'] },
    github_url: orNull(address),
    paper_url: orNull(address),
    license_url: orNull(address),
    run_count: { type: 'integer' },
    cover_image_url: orNull(address),
    default_example: either(example),
    latest_version: either(version),
  })

const account = object(
  { type: { enum: ['user', 'organization'] }, username: text, name: text },
  { github_url: maybeText },
)

const deployment = object({
  owner: text,
  name: text,
  current_release: object({
    number: { type: 'integer' },
    model: text,
    version: text,
    created_at: time,
    created_by: account,
    configuration: object({
      hardware: anyText,
      min_instances: { type: 'integer' },
      max_instances: { type: 'integer' },
    }),
  }),
})

const file = object({
  id: text,
  name: text,
  content_type: text,
  size: { type: 'integer' },
  etag: text,
  checksums: { type: 'object', additionalProperties: text },
  metadata: anything,
  created_at: time,
  expires_at: maybeTime,
  urls: object({ get: address }),
})

/** The resource that the client parses at each path below `/v1`. The first match counts. */
function addressesOf(made: Schema): readonly (readonly [pattern: RegExp, schema: Schema])[] {
  const model = modelOf(made)
  const collection = object(
    { slug: text, name: text, description: text },
    { models: listOf(model) },
  )
  return [
    [/\/predictions$/, pageOf(made)],
    [/\/predictions\/[^/]+(?:\/cancel)?$/, made],
    [/^\/models\/[^/]+\/[^/]+\/examples$/, pageOf(made)],
    [/^\/models\/[^/]+\/[^/]+\/examples\/\d+(?:\/cancel)?$/, made],
    [/^\/models\/[^/]+\/[^/]+\/versions$/, pageOf(version)],
    [/^\/models\/[^/]+\/[^/]+\/versions\/[^/]+$/, version],
    [/^\/models$/, pageOf(model)],
    [/^\/models\/[^/]+\/[^/]+$/, model],
    [/^\/deployments$/, pageOf(deployment)],
    [/^\/deployments\/[^/]+\/[^/]+$/, deployment],
    [/^\/collections$/, pageOf(collection)],
    [/^\/collections\/[^/]+$/, collection],
    [/^\/search$/, object({ query: anyText, models: listOf(object({ model })) })],
    [/^\/account$/, account],
    [/^\/hardware$/, listOf(object({ sku: text, name: text }))],
    [/^\/files$/, pageOf(file)],
    [/^\/files\/[^/]+$/, file],
    [/^\/trainings$/, pageOf(anything)],
    [/^\/webhooks\/default\/secret$/, object({ key: { type: 'string', pattern: '^whsec_' } })],
  ]
}

const clients = {
  'Python 1.x': addressesOf(prediction.first),
  'Python 2.x': addressesOf(prediction.second),
}

/** The members that each generation of Replicate’s Python client requires, by resource. */
export function requiredByPython(method: string, path: string): [client: string, Schema][] {
  return Object.entries(clients).flatMap(([client, addresses]) => {
    const schema = addresses.find(([pattern]) => pattern.test(path))?.[1]
    if (!schema) return []
    // POST to a list answers the new item.
    const page = (schema as { properties?: { results?: { items: Schema } } }).properties?.results
    return [[client, method === 'POST' && page ? page.items : schema]]
  })
}

/** Read by Python’s `packaging`; every list made by an older Cog is taken for an iterator. */
export const cogVersionFormat: FormatDefinition<string> = {
  validate(version) {
    const found =
      /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-.]?(?:a|b|rc|alpha|beta|dev|post)[-.]?\d*)*(?:\+[\w.]+)?$/
    const [, major, minor, patch = 0] = found.exec(version) ?? []
    if (major === undefined) return false
    return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch) >= 3_009
  },
}
