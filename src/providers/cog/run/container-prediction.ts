import { z } from 'zod'
import { formatJson } from '../../../domain/json/format.ts'
import type { Json, JsonObject } from '../../../domain/json/json.ts'

/** A prediction as a container tells it, in an answer, a webhook or an event. */
export interface ContainerPrediction {
  /** How it ended; null while it runs. */
  readonly outcome: 'success' | 'failure' | 'canceled' | null
  readonly output: Json
  readonly logs: string
  readonly error: string
  readonly metrics: JsonObject
}

const endings = {
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

/** Null when it is not a prediction. */
export function readContainerPrediction(json: Json | undefined): ContainerPrediction | null {
  const read = prediction.safeParse(json)
  if (!read.success) return null
  const { status, output, logs, error, metrics } = read.data
  return {
    outcome: endings[status],
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
