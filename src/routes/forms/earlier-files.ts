import type { Context } from 'hono'
import type { EarlierChoice } from '../../../views/fields/earlier-files.tsx'
import type { Deps } from '../../deps.ts'
import { acceptRank } from '../../domain/model/compatible-inputs.ts'
import type { Model } from '../../domain/model/model.ts'
import { viewerOf } from '../request/viewer.ts'

/** The most predictions that are searched, newest first. */
const mostPredictions = 100
const mostFiles = 60

/** The output files of the viewer’s predictions that an input of a model takes, newest first. */
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
  return {
    input,
    files: files.filter(({ file }) => acceptRank(property, file) > 0).slice(0, mostFiles),
  }
}
