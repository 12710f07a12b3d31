import type { Context } from 'hono'
import type { EarlierChoice } from '../../../views/fields/earlier-files.tsx'
import type { Deps } from '../../deps.ts'
import { readChange } from '../../domain/form/change-form.ts'
import { fieldTypeOf } from '../../domain/form/fields/index.ts'
import { rowActions } from '../../domain/form/fields/row-entries.ts'
import { type ComparedValues, scopeOf, wholeInputs } from '../../domain/group/comparison.ts'
import { earlierFiles } from '../forms/earlier-files.ts'
import type { SentForm } from '../forms/sent-form.ts'
import { choiceIn } from '../forms/submission.ts'
import type { Asked } from './asked.ts'

/** The values after a press on a button of a row, or of a file. */
export function withChange({ comparison, values }: Asked, { has, text }: SentForm): ComparedValues {
  const action = rowActions.find(has)
  if (!action) return values
  const whole = { input: wholeInputs(comparison) }
  const { name, index } = readChange(whole, action, text(action))
  const property = whole.input.find((one) => one.name === name)
  if (!property) return values
  const entries = values.inputs.get(name) ?? []
  const changed = fieldTypeOf(property).change(entries, action, index ?? -1)
  return { ...values, inputs: new Map([...values.inputs, [name, changed]]) }
}

/** The files of earlier predictions for the input whose button was pressed. */
export async function earlierOf(
  c: Context,
  deps: Deps,
  { models, comparison }: Asked,
  sent: SentForm,
): Promise<EarlierChoice | null> {
  const name = sent.text('earlier')
  const { shared, own } = comparison.inputs
  const takers = shared.find(({ property }) => property.name === name)?.takers ?? []
  const ofOne = own.flatMap((properties, model) => {
    const scope = models[model] ? scopeOf(models[model].ref) : ''
    return properties
      .filter((property) => scope + property.name === name)
      .map((property) => ({ model, property }))
  })
  const [taker] = [...takers, ...ofOne]
  const model = taker && models[taker.model]
  if (!model) return null
  const input = taker.property.name
  const found = await earlierFiles(c, deps, model, { input, account: choiceIn(sent).account })
  return found && { ...found, input: name }
}
