import type { Context } from 'hono'
import type { EarlierChoice } from '../../../views/fields/earlier-files.tsx'
import type { Deps } from '../../deps.ts'
import { fitOf } from '../../domain/model/compatible-inputs.ts'
import type { Model } from '../../domain/model/model.ts'
import { viewerOf } from '../request/viewer.ts'

/** How far back is looked, in predictions. */
const mostPredictions = 100
const mostFiles = 60

/** What the viewer's own predictions made that an input of a model could take, newest first. */
export async function earlierFiles(
  c: Context,
  deps: Deps,
  model: Model,
  input: string,
): Promise<EarlierChoice | null> {
  const property = model.version.schema.input.find(({ name }) => name === input)
  if (!property) return null
  const own = { createdBy: viewerOf(c, deps).id }
  const { predictions } = await deps.store.page(own, mostPredictions, null)
  const files = predictions.flatMap((prediction) =>
    prediction.made.map((file) => ({ file, model: prediction.model })),
  )
  return { input, files: files.filter(({ file }) => fitOf(property, file) > 0).slice(0, mostFiles) }
}
