import type { Context } from 'hono'
import { EmbedForm } from '../../../views/embed/embed-form.tsx'
import type { FormOccasion } from '../../../views/form/error-summary.tsx'
import { capitalized, formatAbout } from '../../../views/format.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { restOf } from '../../domain/people/usage.ts'
import type { FormState } from '../forms/prediction-form.tsx'
import { withLook } from './embed-answers.tsx'
import type { Embed } from './embed-in-path.ts'

/** The form of a model for another page. */
export async function drawEmbedForm(
  c: Context,
  deps: Deps,
  embed: Embed,
  model: Model,
  { form, problem, advice, pressed }: FormState,
  occasion: FormOccasion,
) {
  return (
    <EmbedForm
      model={model.ref}
      version={model.version.id}
      form={form}
      formKey={deps.newId()}
      facts={await factsOf(deps, embed)}
      occasion={occasion}
      problem={problem}
      advice={advice}
      pressed={pressed}
      action={withLook(c, embed.paths.predictions())}
    />
  )
}

/** `About 9 s · 13 of 20 left today`. */
async function factsOf({ runner, runTimes }: Deps, { model, quota, viewer }: Embed) {
  const typicalMs = await runTimes.typical(model)
  const rest = quota && restOf(quota, await runner.usage(viewer.id, quota))
  return [
    typicalMs === null ? null : capitalized(formatAbout(typicalMs)),
    rest === null ? null : `${rest.rest} of ${rest.most} left today`,
  ]
    .filter((fact) => fact !== null)
    .join(' · ')
}
