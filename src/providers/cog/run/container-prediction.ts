import { z } from 'zod'
import { formatJson, type Json, type JsonObject } from '../../../domain/json/json.ts'

/** A prediction in a response, a webhook or an event of a container. */
export interface ContainerPrediction {
  /** Null while it runs. */
  readonly outcome: 'success' | 'failure' | 'canceled' | null
  readonly output: Json
  readonly logs: string
  readonly error: string
  readonly metrics: JsonObject
}

const outcomes = {
  starting: null,
  processing: null,
  succeeded: 'success',
  failed: 'failure',
  canceled: 'canceled',
  aborted: 'canceled',
} as const

const prediction = z.object({
  status: z.enum(['starting', 'processing', 'succeeded', 'failed', 'canceled', 'aborted']),
  output: z.unknown().optional(),
  logs: z.string().nullish().catch(null),
  error: z.unknown().optional(),
  metrics: z.record(z.string(), z.unknown()).nullish().catch(null),
})

/** Parses a prediction; null when the JSON is not one. */
export function readContainerPrediction(json: Json | undefined): ContainerPrediction | null {
  const read = prediction.safeParse(json)
  if (!read.success) return null
  const { status, output, logs, error, metrics } = read.data
  return {
    outcome: outcomes[status],
    output: (output ?? null) as Json,
    logs: logs ?? '',
    error: errorText((error ?? null) as Json),
    metrics: (metrics ?? {}) as JsonObject,
  }
}

function errorText(error: Json): string {
  if (typeof error === 'string') return error.trim()
  return error === null ? '' : formatJson(error)
}
