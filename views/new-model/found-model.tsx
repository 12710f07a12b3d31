import { modelName } from '../../src/domain/model-ref.ts'
import { ModelFacts } from '../model/model-head.tsx'
import { ModelHealthNote } from '../model/model-health.tsx'
import { type ModelReplacement, ReplaceModelQuestion } from '../model/model-replacement.tsx'
import { SchemaTable } from '../model/schema-table.tsx'
import { KeyField } from './key-field.tsx'
import { KindField } from './kind-select.tsx'
import { OnDemandField } from './on-demand-field.tsx'
import { SaveForm, type SaveFormProps } from './save-form.tsx'
import type { ShownModel, ShownUpstream } from './shown-upstream.ts'
import { WorkflowParts } from './workflow-parts.tsx'

export interface FoundModelProps extends SaveFormProps {
  readonly upstream: ShownUpstream
  readonly found: ShownModel
  readonly ask: ModelReplacement | null
}

/** The only model of an upstream, with all that is known of it. */
export function FoundModel({ upstream, found, ask, ...form }: FoundModelProps) {
  const { model, name, keepsName, can, versions, version, warmth, health, parts, kinds } = found
  const { onDemand } = found
  return (
    <section class='stack' aria-labelledby='found'>
      <header class='section-head'>
        <h2 id='found'>{modelName(model.ref)}</h2>
        <p class='mono'>version {model.version.id.slice(0, 8)}</p>
      </header>
      <div class='facts'>
        {[upstream.title, upstream.address ?? '', ...upstream.facts].map(
          (fact) => fact !== '' && <span>{fact}</span>,
        )}
      </div>
      <ModelFacts model={model} warmth={warmth} />
      <ModelHealthNote {...health} />
      {(model.description || can) && <p class='lede'>{model.description || can}</p>}
      <SchemaTable schema={model.version.schema} />
      {ask && <ReplaceModelQuestion {...ask} />}
      <SaveForm {...form}>
        {parts && <WorkflowParts {...parts} />}
        {kinds && <KindField id={found.id} kinds={kinds} />}
        <div class='field'>
          <div class='field-head'>
            <label class='field-name' for='name'>
              name
            </label>
          </div>
          <div class='field-body'>
            <input
              id='name'
              name='name'
              value={name}
              readonly={keepsName !== null}
              required
              aria-describedby='name-note'
            />
            <p class='field-note' id='name-note'>
              {keepsName ??
                'The model’s name here, as owner/name. To add a server to an existing model with the same schema, use that model’s name: they share its predictions.'}
            </p>
          </div>
        </div>
        {onDemand !== null && <OnDemandField isChosen={onDemand} />}
        {versions.length > 0 && <VersionField {...{ versions, version }} />}
        {upstream.takesKey && <KeyField isMissing={false} isHeld={form.heldKey !== null} />}
      </SaveForm>
    </section>
  )
}

function VersionField({ versions, version }: Pick<ShownModel, 'versions' | 'version'>) {
  return (
    <div class='field'>
      <div class='field-head'>
        <label class='field-name' for='version'>
          version
        </label>
      </div>
      <div class='field-body'>
        <select id='version' name='version'>
          <option value=''>Always the latest</option>
          {versions.map((id) => (
            <option value={id} selected={id === version}>
              {id.slice(0, 12)}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}
