import type { JsonObject } from '../../../src/domain/json.ts'
import type { CogLimits } from '../../../src/providers/cog/limits.ts'

/** Waits that are short, for tests that wait for what comes after them. */
export const hastyLimits: Partial<CogLimits> = {
  lookEveryMs: 50,
  lookMs: 2_000,
  waitMs: 10,
  watchMs: 25,
  patienceMs: 300,
  goneMs: 300,
  cancelGraceMs: 500,
}

export const textOutput: JsonObject = { type: 'string', title: 'Output' }

/** What a container gets for a file input: data within the request, or from an address. */
export async function fileBytes(uri: string): Promise<Buffer> {
  const response = await fetch(uri)
  if (!response.ok) throw new Error(`${uri} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
