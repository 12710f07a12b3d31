import { z } from 'zod'
import type { Call, EngineConnection } from '../connection.ts'
import { EngineError, isMissing } from '../engine-error.ts'

export type Reading = ReturnType<typeof createReading>

/** Labels, as engines write them: some leave them out where there are none. */
export const texts = z.record(z.string(), z.string()).nullish()

/** Reads the answers of an engine in the forms that we know. Every failure is an `EngineError`. */
export function createReading(connection: EngineConnection) {
  async function read<T>(shape: z.ZodType<T>, call: Call): Promise<T> {
    const parsed = shape.safeParse(await connection.json(call))
    if (parsed.success) return parsed.data
    throw new EngineError('the engine answered in an unknown form', 200, { cause: parsed.error })
  }

  return {
    read,
    /** Null where the engine knows no such thing. */
    readOrNull: <T>(shape: z.ZodType<T>, call: Call): Promise<T | null> =>
      nullWhenMissing(read(shape, call)),
  }
}

/** Null where the engine knows no such thing. */
export async function nullWhenMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** The query that asks for what has a label. */
export function labeled(label: string, more: Readonly<Record<string, readonly string[]>> = {}) {
  return JSON.stringify({ ...more, label: [label] })
}

/** Podman leaves out of an id by what it was hashed. */
export function withAlgorithm(id: string): string {
  return id.startsWith('sha256:') ? id : `sha256:${id}`
}
