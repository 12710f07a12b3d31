import { z } from 'zod'
import { nestsTooDeep } from '../../../domain/json/bounds.ts'
import type { Json } from '../../../domain/json/json.ts'
import { parseModelRef } from '../../../domain/model-ref.ts'
import { sizeProblem } from '../../../domain/schema/limits.ts'
import { longestTimerMs } from '../../../domain/timer.ts'
import type { Description } from '../protocol.ts'

const description = z.object({
  name: z.string().refine(isModelName, 'is neither owner/name nor a plain name'),
  description: z.string(),
  // It came as JSON.
  schemas: z.record(z.string(), z.custom<Json>()),
  copies: z.int().min(1),
  timeoutMs: z.number().positive().max(longestTimerMs).nullable(),
  memoryMb: z.int().min(1),
  rerun: z.boolean(),
  env: z.array(z.string()),
})

/** A description that came from a copy, or a sentence on why it cannot be used. */
export function readDescription(said: unknown): Description | string {
  if (nestsTooDeep(said)) return 'Its definition cannot be used: its schemas nest too deep.'
  const tooLarge = sizeProblem(said as Json)
  if (tooLarge !== null) return tooLarge
  const parsed = description.safeParse(said)
  if (parsed.success) return parsed.data as Description
  const [issue] = parsed.error.issues
  return `Its definition cannot be used: ${issue?.path.join('.')} ${issue?.message}.`
}

/** A cached description; null when the text is not a valid one. */
export function parseDescription(text: string): Description | null {
  try {
    const found = readDescription(JSON.parse(text))
    return typeof found === 'string' ? null : found
  } catch {
    return null
  }
}

/** Stands in for the description of a broken model. */
export const noDescription: Description = {
  name: '',
  description: '',
  schemas: { Input: { type: 'object', properties: {} } },
  copies: 1,
  timeoutMs: null,
  memoryMb: 1,
  rerun: true,
  env: [],
}

function isModelName(name: string): boolean {
  return parseModelRef(name) !== null || parseModelRef(`owner/${name}`) !== null
}
