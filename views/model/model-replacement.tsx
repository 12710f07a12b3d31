import type { SchemaChange } from '../../src/domain/schema/change.ts'
import { SchemaChanges } from './schema-changes.tsx'

/** A model that has the name already, and that would run elsewhere from now on. */
export interface ModelReplacement {
  /** Of the model: `owner/name`. */
  readonly name: string
  /** Where it runs now: addresses or folders. */
  readonly places: readonly string[]
  /** What would be other in what it takes and makes; null when nobody knows what it takes now. */
  readonly changes: readonly SchemaChange[] | null
}

/** Says what saving would do to a model that is there already, and asks whether it is to be done. */
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
