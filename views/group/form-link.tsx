import { optionText } from '../../src/domain/form/fields/choice.ts'
import type { RunGroup } from '../../src/domain/group/group.ts'
import { usePaths } from '../site.ts'

interface FormLinkProps {
  readonly group: RunGroup
  /** Id of a prediction of it, whose inputs the form of a sweep is filled with; null when there is none. */
  readonly run: string | null
}

/** Leads to the form that a comparison or a sweep was made with. */
export function FormLink({ group: { id, kind, models, axes }, run }: FormLinkProps) {
  const paths = usePaths()
  const [model] = models
  if (kind === 'batch' || !model) return null
  if (kind === 'compare') return <ChangeInputs href={paths.comparedGroup(id)} />
  if (run === null) return null
  const query = new URLSearchParams([['from', run]])
  for (const { input, values } of axes) {
    query.append('axis', input)
    for (const value of values) query.append(`values.${input}`, optionText(value))
  }
  return <ChangeInputs href={`${paths.modelSweep(model)}?${query}`} />
}

function ChangeInputs({ href }: { readonly href: string }) {
  return (
    <p class='actions'>
      <a class='button bare' href={href}>
        Change inputs
      </a>
    </p>
  )
}
