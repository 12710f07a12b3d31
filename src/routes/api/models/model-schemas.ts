import { z } from '@hono/zod-openapi'
import { mostInstances } from '../../../domain/model/deployment.ts'
import type { Provider } from '../../../providers/provider.ts'
import { accountSchema } from '../account.ts'

/** The parameters in paths, as Replicate’s document names them. */
export const modelParams = z.object({ model_owner: z.string(), model_name: z.string() })
export const versionParams = modelParams.extend({ version_id: z.string() })
export const deploymentParams = z.object({
  deployment_owner: z.string(),
  deployment_name: z.string(),
})

const time = z.iso.datetime()
const text = z.string().max(100_000)
const address = z.url({ protocol: /^https?$/ }).max(2_000)
const names = new Intl.ListFormat('en-GB')

export const versionSchema = z
  .object({
    id: z.string().openapi({ description: '64 hex digits.' }),
    created_at: time,
    cog_version: z.string().openapi({
      description:
        'The Cog version of the container. If unknown, the Cog version whose schema format is used.',
    }),
    openapi_schema: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'An OpenAPI document with the schemas `Input` and `Output`.' }),
  })
  .openapi('Version')

export const modelSchema = z
  .object({
    url: z.url(),
    owner: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    visibility: z.enum(['public', 'private']),
    is_official: z.boolean(),
    github_url: z.url().nullable(),
    paper_url: z.url().nullable(),
    license_url: z.url().nullable(),
    run_count: z.int(),
    cover_image_url: z.url().nullable(),
    default_example: z.record(z.string(), z.unknown()).nullable().openapi({
      description: 'A prediction. An example that has not been run has only an input.',
    }),
    latest_version: versionSchema.nullable(),
  })
  .openapi('Model')

export const newModelSchema = z
  .strictObject({
    owner: z.string(),
    name: z.string(),
    visibility: z.enum(['public', 'private']),
    hardware: z.string().max(200),
    description: text.optional(),
    github_url: address.optional(),
    paper_url: address.optional(),
    license_url: address.optional(),
    cover_image_url: address.optional(),
  })
  .openapi('NewModel')

export const modelChangesSchema = z
  .strictObject({
    description: text.optional(),
    readme: text.optional(),
    visibility: z.enum(['public', 'private']).optional(),
    github_url: address.optional(),
    paper_url: address.optional(),
    license_url: address.optional(),
    cover_image_url: address.optional(),
    weights_url: address.optional().openapi({ description: 'Accepted and ignored.' }),
  })
  .openapi('ModelChanges')

/** The body that names the source of a new version: each provider has members of its own. */
export function newVersionSchema(providers: readonly Provider[]) {
  const fields = providers.flatMap(({ sources }) => Object.entries(sources?.fields ?? {}))
  const members = fields.map(([name, { schema }]) => [name, schema.optional()] as const)
  const byName = Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)))
  return z
    .strictObject(byName)
    .refine(
      (given) => Object.values(given).filter((value) => value !== undefined).length === 1,
      `Send exactly one of ${names.format(Object.keys(byName))}`,
    )
    .openapi('NewVersion')
}

const configuration = z.object({
  hardware: z.string(),
  min_instances: z.int(),
  max_instances: z.int(),
})

export const deploymentSchema = z
  .object({
    owner: z.string(),
    name: z.string(),
    current_release: z.object({
      number: z.int(),
      model: z.string(),
      version: z.string(),
      created_at: time,
      created_by: accountSchema,
      configuration,
    }),
  })
  .openapi('Deployment')

const release = z.strictObject({
  version: z.string().openapi({ description: '64 hex digits.' }),
  hardware: z
    .string()
    .max(200)
    .openapi({ description: 'One that `GET /v1/hardware` lists, where operators define some.' }),
  min_instances: z.int().min(0).max(mostInstances.min).openapi({
    description:
      'So many containers of a model from an image are kept ready, or processes of a local model. Of other models it has no effect.',
  }),
  max_instances: z.int().min(0).max(mostInstances.max).openapi({
    description:
      'The most containers of a model from an image. Of other models, the concurrency of the deployment, within that of the model. At 0, none run.',
  }),
})

export const newDeploymentSchema = release
  .extend({ name: z.string(), model: z.string().openapi({ description: '`owner/name`.' }) })
  .openapi('NewDeployment')

export const releaseSchema = release.partial().openapi('NewRelease')

export const collectionItemSchema = z
  .object({ name: z.string(), slug: z.string(), description: z.string() })
  .openapi('CollectionItem')

export const collectionSchema = collectionItemSchema
  .extend({ full_description: z.string().nullable(), models: z.array(modelSchema) })
  .openapi('Collection')

export const searchSchema = z
  .object({
    query: z.string(),
    models: z.array(
      z.object({
        model: modelSchema,
        metadata: z.object({
          generated_description: z.string().nullable(),
          tags: z.array(z.string()),
          score: z.number().nullable(),
        }),
      }),
    ),
    collections: z.array(collectionItemSchema.extend({ models: z.array(z.string()) })),
    pages: z.array(z.object({ name: z.string(), href: z.string() })),
  })
  .openapi('Search')
