import type { Context } from 'hono'
import type { EarlierChoice } from '../../../views/fields/earlier-files.tsx'
import type { Deps } from '../../deps.ts'
import { acceptRank } from '../../domain/model/compatible-inputs.ts'
import type { Model } from '../../domain/model/model.ts'
import { accountNamed } from '../../domain/prediction/made-for.ts'
import { viewerOf } from '../request/viewer.ts'

/** The most predictions that are searched, newest first. */
const mostPredictions = 100
const mostFiles = 60

/**
 * The output files that an input of a model takes, newest first: of the predictions of the viewer, or of
 * those that were made for the account that is chosen in the form, where that is a group’s.
 */
export async function earlierFiles(
  c: Context,
  deps: Deps,
  model: Model,
  { input, account: name }: { readonly input: string; readonly account: string | null },
): Promise<EarlierChoice | null> {
  const property = model.version.schema.input.find(({ name }) => name === input)
  if (!property) return null
  const viewer = viewerOf(c, deps)
  const account = accountNamed(viewer, name ?? '') ?? viewer.id
  const own = account === viewer.id ? { createdBy: viewer.id } : { account }
  const { predictions } = await deps.store.page(own, mostPredictions, null)
  const files = predictions.flatMap((prediction) =>
    prediction.made.map((file) => ({ file, model: prediction.model })),
  )
  return {
    input,
    files: files.filter(({ file }) => acceptRank(property, file) > 0).slice(0, mostFiles),
  }
}
