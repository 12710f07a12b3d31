import { optionText } from '../../src/domain/form/fields/choice.ts'
import type { RunGroup } from '../../src/domain/group/group.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { usePaths } from '../site.ts'

interface FormLinkProps {
  readonly group: RunGroup
  /** Ids of its predictions whose inputs the form is filled with. */
  readonly runs: readonly string[]
}

/** Leads to the form that a comparison or a sweep was made with. */
export function FormLink({ group: { kind, models, axes }, runs }: FormLinkProps) {
  const paths = usePaths()
  const [model] = models
  if (kind === 'batch' || !model || runs.length === 0) return null
  const from = kind === 'compare' ? runs : runs.slice(0, 1)
  const query = new URLSearchParams(from.map((id) => ['from', id]))
  if (kind === 'compare') query.set('models', models.map(modelName).join(','))
  for (const { input, values } of axes) {
    query.append('axis', input)
    for (const value of values) query.append(`values.${input}`, optionText(value))
  }
  const form = kind === 'compare' ? paths.compare() : paths.modelSweep(model)
  return (
    <p class='actions'>
      <a class='button bare' href={`${form}?${query}`}>
        Change inputs
      </a>
    </p>
  )
}
