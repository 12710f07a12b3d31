import type { SchemaChange } from '../../src/domain/schema/change.ts'
import { SchemaChanges } from './schema-changes.tsx'

/** An existing model with the chosen name, which saving would replace. */
export interface ModelReplacement {
  /** `owner/name`. */
  readonly name: string
  /** The URLs or the folder where it runs now. */
  readonly places: readonly string[]
  /** The changes of its schema; null when its current schema is not known. */
  readonly changes: readonly SchemaChange[] | null
}

/** Asks whether to replace an existing model, and shows what would change. */
export function ReplaceModelQuestion({ name, places, changes }: ModelReplacement) {
  return (
    <div class='failure' role='alert'>
      <p>
        There is already a model called <b>{name}</b>
        {places.length > 0 && (
          <>
            , at <span class='mono'>{places.join(', ')}</span>
          </>
        )}
        .{' '}
        {changes === null
          ? 'Its schema is not known, so it cannot be compared with this one.'
          : 'This one has a different schema.'}
      </p>
      {changes !== null && changes.length > 0 && <SchemaChanges changes={changes} />}
      <p>
        To keep both, change the name below. If you replace it, {name} gets a new version and runs
        only at the new address. Earlier predictions are still available.
      </p>
      <p>
        <label>
          <input type='checkbox' name='replace' value={name} form='save-model' /> Replace {name}
        </label>
      </p>
    </div>
  )
}
