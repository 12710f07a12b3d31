import { plural } from '../format.tsx'
import { warmthNames } from '../model/model-head.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { KeyField } from './key-field.tsx'
import { SaveForm, type SaveFormProps } from './save-form.tsx'
import type { ShownModel, ShownUpstream } from './shown-upstream.ts'

interface FoundModelsProps extends Pick<SaveFormProps, 'where' | 'document'> {
  readonly upstream: ShownUpstream
}

const columns = ['At the server', 'Called here', 'What it can do', 'Now']

/** The models of an upstream that has several, to choose from. */
export function FoundModels({ where, document, upstream }: FoundModelsProps) {
  const { title, address, facts, takesKey, models } = upstream
  return (
    <section class='stack' aria-labelledby='found'>
      <header class='section-head'>
        <h2 id='found'>
          {title} with {plural(models.length, 'model')}
        </h2>
        {address !== null && <p class='mono'>{address}</p>}
      </header>
      {facts.length > 0 && (
        <div class='facts'>
          {facts.map((fact) => (
            <span>{fact}</span>
          ))}
        </div>
      )}
      <SaveForm where={where} document={document}>
        <ScrollTable label='Models found, table' columns={columns}>
          {models.map((found) => (
            <FoundRow found={found} />
          ))}
        </ScrollTable>
        {takesKey && <KeyField isMissing={false} />}
      </SaveForm>
    </section>
  )
}

function FoundRow({ found }: { readonly found: ShownModel }) {
  const { id, name, keepsName, can, isChosen, warmth, health } = found
  return (
    <tr>
      <td>
        <label class='check'>
          <input
            type='checkbox'
            name='take'
            value={id}
            checked={isChosen}
            aria-label={`Save ${id}`}
          />{' '}
          <span class='mono'>{id}</span>
        </label>
      </td>
      <td>
        <input
          name={`name-${id}`}
          value={name}
          readonly={keepsName !== null}
          aria-label={`Name for ${id}`}
        />
      </td>
      <td>{can}</td>
      <td>
        <span class='warmth' data-state={warmth}>
          {warmthNames[warmth]}
        </span>
        {health.note !== null && <p class='field-note'>{health.note}</p>}
      </td>
    </tr>
  )
}
