import { z } from '@hono/zod-openapi'
import { statuses } from '../../domain/prediction/prediction.ts'
import { webhookEvents } from '../../domain/prediction/webhook.ts'

/** An error as in RFC 9457, with the fields that Replicate adds. */
export const problemSchema = z
  .object({
    title: z.string().optional(),
    detail: z.string(),
    status: z.int(),
    invalid_fields: z
      .array(z.object({ type: z.string(), field: z.string(), description: z.string() }))
      .optional(),
    retry_after: z.int().optional(),
  })
  .openapi('Problem')

/** One page of a list: `next` and `previous` are absolute URLs. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    next: z.url().nullable(),
    previous: z.url().nullable(),
    results: z.array(item),
  })
}

/** The query of a list. The cursor is opaque, and comes in the `next` of the page before. */
export const cursorQuery = z.object({ cursor: z.string().max(200).optional() })

export const webhookEventsSchema = z.array(z.enum(webhookEvents)).max(webhookEvents.length)

const webhookAddress = z.url({ protocol: /^https?$/ }).max(2_000)

/** The fields of every request that creates a prediction. */
export const predictionRequest = {
  input: z.record(z.string(), z.unknown()).openapi({
    description:
      'The inputs by name. Files are URLs: `https:`, `data:`, or of a file from /v1/files.',
  }),
  webhook: webhookAddress.optional(),
  webhook_events_filter: webhookEventsSchema.optional(),
  webhook_completed: webhookAddress.optional().openapi({
    deprecated: true,
    description: 'The same as `webhook` with the filter `completed`. Do not send both.',
  }),
  stream: z.boolean().optional().openapi({ deprecated: true }),
}

const time = z.iso.datetime()

export const predictionSchema = z
  .object({
    id: z.string(),
    model: z.string(),
    version: z.string(),
    status: z.enum(statuses),
    input: z.record(z.string(), z.unknown()),
    output: z.unknown().nullable(),
    error: z.string().nullable(),
    logs: z.string(),
    metrics: z.record(z.string(), z.unknown()),
    data_removed: z.boolean(),
    source: z.enum(['web', 'api']),
    created_at: time,
    started_at: time.optional(),
    completed_at: time.optional(),
    deadline: time.optional(),
    deployment: z.string().optional(),
    webhook: z.url().optional(),
    webhook_events_filter: webhookEventsSchema.optional(),
    urls: z.object({ get: z.url(), cancel: z.url(), web: z.url(), stream: z.url() }),
  })
  .openapi('Prediction')

export const fileSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    content_type: z.string(),
    size: z.int(),
    etag: z.string(),
    checksums: z.object({ sha256: z.string() }),
    metadata: z.record(z.string(), z.unknown()),
    created_at: time,
    expires_at: time,
    urls: z.object({ get: z.url() }),
  })
  .openapi('File')
