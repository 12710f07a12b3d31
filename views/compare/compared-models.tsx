import { modelName } from '../../src/domain/model-ref.ts'
import { FieldScope } from '../fields/control.ts'
import { FormFields } from '../form/form-fields.tsx'
import { ModelName } from '../format.tsx'
import { warmthNames } from '../model/model-head.tsx'
import { usePaths } from '../site.ts'
import type { ComparedColumn, ComparePageProps } from './compare-page.tsx'
import { JoinField } from './join-field.tsx'
import { isJoined, scopeAt } from './shared-section.tsx'

/** The models, with the inputs that each has for itself. */
export function ComparedModels(props: ComparePageProps) {
  const { columns } = props
  return (
    <section aria-label='Models and their own inputs'>
      <header class='pane-head'>
        <h2>Models</h2>
        <AddModel offered={props.offered} />
      </header>
      {columns.length === 0 && (
        <p class='field-note'>Add two models or more, by their names: owner/name.</p>
      )}
      {columns.map((column, at) => (
        <OwnInputs {...props} column={column} at={at} />
      ))}
    </section>
  )
}

function AddModel({ offered }: { readonly offered: readonly string[] }) {
  return (
    <div class='with-button'>
      <input
        name='with'
        list='offered-models'
        aria-label='Add a model'
        placeholder='owner/name'
        autocomplete='off'
      />
      <datalist id='offered-models'>
        {offered.map((name) => (
          <option value={name} />
        ))}
      </datalist>
      <button class='button' type='submit' name='do' value='add' formnovalidate>
        Add
      </button>
    </div>
  )
}

interface OwnInputsProps extends ComparePageProps {
  readonly column: ComparedColumn
  readonly at: number
}

function OwnInputs(props: OwnInputsProps) {
  const { comparison, form, column, at, pressed } = props
  const { model, warmth, estimate } = column
  const scope = scopeAt(comparison, at)
  const name = modelName(model.ref)
  const offers = comparison.inputs.joins.filter(
    (join) => join.model === at && !isJoined(props, join),
  )
  return (
    <section aria-label={name}>
      <header class='pane-head'>
        <h3 class='mono'>
          <a href={usePaths().model(model.ref)}>
            <ModelName model={model.ref} />
          </a>
        </h3>
        <span class='field-note'>{model.broken ?? warmthNames[warmth] + estimate}</span>
        <button
          class='button icon bare'
          type='submit'
          name='drop'
          value={name}
          formnovalidate
          aria-label={`Remove ${name}`}
        >
          ×
        </button>
      </header>
      <FieldScope.Provider value={scope}>
        <FormFields
          form={form.own[at] ?? { fields: [] }}
          pressed={pressed}
          none='It has no inputs of its own.'
        />
      </FieldScope.Provider>
      {offers.length > 0 && (
        <div class='fields'>
          {offers.map((join) => (
            <JoinField join={join} scope={scope} isJoined={false} />
          ))}
        </div>
      )}
    </section>
  )
}
