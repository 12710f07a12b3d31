import { usePaths } from '../site.ts'
import { KeyField } from './key-field.tsx'

/** A field of a form that the next form has, too. */
export interface CarriedField {
  readonly name: string
  readonly value: string
}

interface KeyFormProps {
  /** As it was typed. */
  readonly where: string
  readonly carried: readonly CarriedField[]
}

/** Asks for the key without which the upstream says nothing. */
export function KeyForm({ where, carried }: KeyFormProps) {
  const paths = usePaths()
  return (
    <form class='fields' method='post' action={paths.newModel()}>
      <input type='hidden' name='where' value={where} />
      {carried.map(({ name, value }) => (
        <input type='hidden' name={name} value={value} />
      ))}
      <KeyField isMissing />
      <div class='run-bar'>
        <div>
          <button class='button run' type='submit'>
            Check with this key
          </button>
        </div>
      </div>
    </form>
  )
}
