import type { Context } from 'hono'
import type { ComparedPrediction } from '../../../views/difference/comparison-page.tsx'
import type { Deps } from '../../deps.ts'
import { unknownSchema } from '../../domain/schema/schema.ts'
import { findAllowed } from '../people/looks.ts'
import { viewerOf } from '../request/viewer.ts'

/** A prediction with the schema of its version; null when there is none that the viewer may see. */
export async function readCompared(
  c: Context,
  deps: Deps,
  id: string,
): Promise<ComparedPrediction | null> {
  const prediction = await findAllowed(c, deps, viewerOf(c, deps), id)
  if (!prediction) return null
  const version = await deps.store.findVersion(prediction.model, prediction.version)
  return { prediction, schema: version?.schema ?? unknownSchema }
}
