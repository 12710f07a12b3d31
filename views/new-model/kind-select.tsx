import { usePaths } from '../site.ts'

/** The kinds that a model can be of. */
export interface ShownKinds {
  readonly all: readonly { readonly kind: string; readonly words: string }[]
  readonly chosen: string
}

export interface KindSelectProps {
  /** The upstream's own name for the model. */
  readonly id: string
  readonly kinds: ShownKinds
  /** Of the control; left out for one with a label of its own. */
  readonly elementId?: string
}

/** Says what kind of model it is, where its upstream does not tell, or is wrong. */
export function KindSelect({ id, kinds, elementId }: KindSelectProps) {
  return (
    <select
      id={elementId}
      name={`kind-${id}`}
      aria-label={elementId === undefined ? `Kind of ${id}` : undefined}
    >
      {kinds.all.map(({ kind, words }) => (
        <option value={kind} selected={kind === kinds.chosen}>
          {words}
        </option>
      ))}
    </select>
  )
}

/** The same as a field of a form, which shows the inputs of another kind when it is asked to. */
export function KindField({ id, kinds }: Omit<KindSelectProps, 'elementId'>) {
  return (
    <div class='field'>
      <div class='field-head'>
        <label class='field-name' for='kind'>
          kind
        </label>
      </div>
      <div class='field-body'>
        <div class='actions'>
          <KindSelect id={id} kinds={kinds} elementId='kind' />
          <button class='button' type='submit' formaction={usePaths().newModel()} formnovalidate>
            Show its inputs
          </button>
        </div>
        <p class='field-note'>
          Its inputs follow from it. It is a guess by the model’s name where the server does not
          tell.
        </p>
      </div>
    </div>
  )
}
