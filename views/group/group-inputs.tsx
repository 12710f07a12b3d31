import { InputList } from '../panel/input-list.tsx'
import { usePaths } from '../site.ts'
import type { WholeRun } from './group-columns.tsx'

/** The inputs that all runs of a group have. */
export interface SharedInputs extends WholeRun {
  /** Their names. `prediction`: one of the runs, whose values they are. */
  readonly names: readonly string[]
}

interface GroupInputsProps extends SharedInputs {
  /** Whether to lead to the form with these inputs. */
  readonly mayReuse: boolean
}

export function GroupInputs({ prediction, schema, names, mayReuse }: GroupInputsProps) {
  const { id, model, input, files, version } = prediction
  return (
    <div class='stack'>
      <h2>Same for all</h2>
      <InputList {...{ input, files, schema, names }} prediction={id} />
      {mayReuse && (
        <div class='actions'>
          <a class='button' href={usePaths().workspace(model, id)}>
            Use these inputs
          </a>
        </div>
      )}
      <p class='field-note'>
        Version <span class='mono'>{version.slice(0, 12)}</span>
      </p>
    </div>
  )
}
