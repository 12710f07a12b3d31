import type { Context } from 'hono'
import { typeWords } from '../../../views/form/field-row.tsx'
import type { Deps } from '../../deps.ts'
import { countsAsProblem } from '../../domain/model/counts-as.ts'
import type { EditErrors } from '../../domain/model/edit-texts.ts'
import type { Model } from '../../domain/model/model.ts'
import { sameModel } from '../../domain/model-ref.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'

/** Why inputs of the model cannot count as those that a text names. */
export async function countsAsError(
  c: Context,
  deps: Deps,
  model: Model,
  text: string,
): Promise<EditErrors> {
  const all = await usableModels(deps, viewerOf(c, deps)).all()
  const others = all.filter(({ ref }) => !sameModel(ref, model.ref))
  const problem = countsAsProblem(text, model, others, ({ schema }) => typeWords(schema))
  return problem === null ? {} : { countsAs: problem }
}
