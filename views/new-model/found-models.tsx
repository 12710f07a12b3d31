import { plural } from '../format.tsx'
import { warmthNames } from '../model/model-head.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import { KeyField } from './key-field.tsx'
import { KindSelect, type ShownKinds } from './kind-select.tsx'
import { SaveForm, type SaveFormProps } from './save-form.tsx'
import type { ShownModel, ShownUpstream } from './shown-upstream.ts'
import { UpstreamHead } from './upstream-head.tsx'

interface FoundModelsProps extends SaveFormProps {
  readonly upstream: ShownUpstream
}

const columns = ['At the server', 'Called here', 'What it can do', 'Now']

/** With fewer models than this there is no filter. */
const fewestToFilter = 20

/** The models of an upstream that has several, to choose from. */
export function FoundModels({ upstream, ...form }: FoundModelsProps) {
  const { takesKey, models } = upstream
  return (
    <section class='stack' aria-labelledby='found'>
      <UpstreamHead {...upstream} />
      <SaveForm {...form}>
        <Filter {...upstream} />
        <ScrollTable label='Models found, table' columns={columns}>
          {models.map((found, at) => (
            <FoundRow found={found} at={at} />
          ))}
        </ScrollTable>
        {takesKey && <KeyField isMissing={false} isHeld={form.heldKey !== null} />}
      </SaveForm>
    </section>
  )
}

/** Narrows a long list by a part of its names. What is chosen stays. */
function Filter({ filter, total, matching, models }: ShownUpstream) {
  if (total < fewestToFilter) return <input type='hidden' name='filter' value='' />
  return (
    <div class='field'>
      <div class='field-head'>
        <label class='field-name' for='filter'>
          filter
        </label>
      </div>
      <div class='field-body'>
        <div class='actions'>
          <input type='search' id='filter' name='filter' value={filter} autocomplete='off' />
          <button class='button' type='submit' formaction={usePaths().newModel()} formnovalidate>
            Filter
          </button>
        </div>
        <p class='field-note'>
          {filter !== '' &&
            `${plural(matching, 'model')} of ${total.toLocaleString('en-GB')} found. `}
          {matching > models.length
            ? `The first ${models.length} are shown: filter by a part of a name, or by what it can do.`
            : 'Those that are chosen stay in the list.'}
        </p>
      </div>
    </div>
  )
}

interface FoundRowProps {
  readonly found: ShownModel
  /** Its place in the table. */
  readonly at: number
}

function FoundRow({ found, at }: FoundRowProps) {
  const { id, name, keepsName, can, kinds, isChosen, warmth, health, problem } = found
  const error = `problem-${at}`
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
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={problem ? error : undefined}
        />
        {problem && (
          <p class='field-error' id={error}>
            {problem.sentence}
          </p>
        )}
        {problem && problem.replaces !== null && (
          <label class='check'>
            <input type='checkbox' name={`replace-${id}`} value={problem.replaces} /> Replace{' '}
            {problem.replaces}
          </label>
        )}
      </td>
      <td>{kinds ? <Kinds {...{ id, can, kinds }} /> : can}</td>
      <td>
        <span class='warmth' data-state={warmth}>
          {warmthNames[warmth]}
        </span>
        {health.note !== null && <p class='field-note'>{health.note}</p>}
      </td>
    </tr>
  )
}

interface KindsProps extends Pick<ShownModel, 'id' | 'can'> {
  readonly kinds: ShownKinds
}

/** The kind of a model, and what else it can do. */
function Kinds({ id, can, kinds }: KindsProps) {
  const words = kinds.all.find(({ kind }) => kind === kinds.chosen)?.words ?? ''
  const more = can.startsWith(words) ? can.slice(words.length).replace(/^[,;] /, '') : can
  return (
    <>
      <KindSelect id={id} kinds={kinds} />
      {more !== '' && <p class='field-note'>{more}</p>}
    </>
  )
}
