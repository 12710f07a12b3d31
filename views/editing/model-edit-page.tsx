import type { StoredFile } from '../../src/domain/file/file.ts'
import { type EditName, type FormName, formNames } from '../../src/domain/model/edit-texts.ts'
import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { formatDay, formatTime, plural } from '../format.tsx'
import { hx } from '../hx.ts'
import { Layout } from '../layout.tsx'
import { Markdown } from '../markdown.tsx'
import { CardFrame, WarmthFact } from '../model/model-card.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { usePaths } from '../site.ts'
import { AccessRow, type AccessRowProps } from './access-row.tsx'
import { ChoicesRow, type ChoicesRowProps } from './choices-row.tsx'
import { CoverRow } from './cover-row.tsx'
import { LineRow, type RowState, rowNames, TextRow, VisibilityRow } from './edit-rows.tsx'
import { ExampleRow } from './example-row.tsx'
import { FormErrors } from './form-row.tsx'
import { choiceRowNames, InstancesRows, type InstancesRowsProps } from './instances-rows.tsx'
import { RetentionRow, type RetentionRowProps } from './retention-row.tsx'

export interface ModelEditPageProps {
  readonly model: Model
  /** The model as the form describes it. */
  readonly preview: Model
  readonly warmth: Warmth
  readonly state: RowState
  /** The marks of what was saved when the form was opened. */
  readonly marks: string
  readonly access: AccessRowProps
  /** Null for those who are no operators. */
  readonly retention: Pick<RetentionRowProps, 'days'> | null
  /** Null for a model whose choices are read all the time, and for those who are no operators. */
  readonly choices: ChoicesRowProps | null
  /** Null for a model without instances of its own, and for those who are no operators. */
  readonly instances: Pick<InstancesRowsProps, 'names' | 'hardware'> | null
  readonly cover: StoredFile | null
  readonly examples: readonly PredictionSummary[]
  readonly pictures: readonly StoredFile[]
  /** The fields that are not as the model says. */
  readonly edited: readonly EditName[]
  readonly isSaved: boolean
  /** The last change; null when there was none. */
  readonly last: { readonly at: number; readonly by: string } | null
}

/** The names of all rows. */
const names: Readonly<Record<FormName | 'access', string>> = {
  ...rowNames,
  ...choiceRowNames,
  retention: 'keep data',
  access: 'access',
}

/** Where operators edit how a model presents itself, and say how it is run. */
export function ModelEditPage(props: ModelEditPageProps) {
  const { model, warmth, state, isSaved } = props
  const name = modelName(model.ref)
  const isWrong = Object.keys({ ...state.errors, ...state.conflicts }).length > 0
  const failed = isWrong || props.access.error !== null
  return (
    <Layout title={failed ? `Error: Edit ${name}` : `Edit ${name}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='edit' />
      {isSaved && (
        <p class='notice' role='status'>
          <span>Saved. Everyone sees it from now on.</span>
        </p>
      )}
      <div class='workbench'>
        <div class='bench'>
          <EditForm {...props} />
          <EditPreview {...props} />
        </div>
      </div>
    </Layout>
  )
}

function EditForm(props: ModelEditPageProps) {
  const { model, state, marks, cover, examples, pictures, edited, last, access } = props
  const accessError = access.error === null ? {} : { access: access.error }
  return (
    <form
      class='inputs'
      id='edit-form'
      method='post'
      action={usePaths().modelEdit(model.ref)}
      enctype='multipart/form-data'
    >
      <input type='hidden' name='seen' value={marks} />
      {/* Enter in a field presses the first submit button of a form. */}
      <button class='visually-hidden' type='submit' tabindex={-1} aria-hidden='true'>
        Save
      </button>
      <header class='pane-head'>
        <h2>What people see</h2>
      </header>
      <FormErrors errors={{ ...state.errors, ...accessError }} names={names} />
      <Conflicts state={state} />
      <div class='fields'>
        <TextRow name='description' state={state} rows={2} />
        <TextRow name='readme' state={state} rows={10} />
        <LineRow name='github' state={state} />
        <LineRow name='paper' state={state} />
        <LineRow name='license' state={state} />
        <CoverRow {...{ state, cover, pictures }} />
        <ExampleRow {...{ state, examples }} />
        <LineRow name='tags' state={state} hint='Separated by commas, 8 at most.' />
      </div>
      <header class='pane-head'>
        <h2>In comparisons</h2>
      </header>
      <div class='fields'>
        <TextRow name='countsAs' state={state} rows={2} hint={<CountsAsHint model={model} />} />
      </div>
      <header class='pane-head'>
        <h2>Who may use it</h2>
      </header>
      <div class='fields'>
        <VisibilityRow state={state} owner={model.ref.owner} />
        <AccessRow {...access} />
      </div>
      {props.choices && (
        <>
          <header class='pane-head'>
            <h2>What its server has</h2>
          </header>
          <div class='fields'>
            <ChoicesRow {...props.choices} />
          </div>
        </>
      )}
      {props.instances && (
        <>
          <header class='pane-head'>
            <h2>How it is run</h2>
          </header>
          <div class='fields'>
            <InstancesRows state={state} {...props.instances} />
          </div>
        </>
      )}
      {props.retention && (
        <>
          <header class='pane-head'>
            <h2>How long data is kept</h2>
          </header>
          <div class='fields'>
            <RetentionRow state={state} {...props.retention} />
          </div>
        </>
      )}
      <footer class='run-bar'>
        <div>
          <button class='button run' type='submit'>
            Save
          </button>
          <p>
            {edited.length === 0
              ? 'Everything is as the model says.'
              : `${plural(edited.length, 'field')} edited.`}
            {last &&
              ` Last saved ${byWhom(last.by)}on ${formatDay(last.at)}, ${formatTime(last.at)}.`}
          </p>
          {edited.length > 0 && (
            <button
              class='button bare'
              name='press'
              value='restore all'
              type='submit'
              formnovalidate
            >
              Undo all edits
            </button>
          )}
        </div>
      </footer>
    </form>
  )
}

/** So many inputs are named; the others are on the page of the model. */
const mostNamed = 40

function CountsAsHint({ model: { version } }: Pick<ModelEditPageProps, 'model'>) {
  const inputs = version.schema.input.slice(0, mostNamed).map(({ name }) => name)
  return (
    <>
      Its inputs that mean the same as one of another name, each on a line:{' '}
      <code>text = prompt</code>. Comparisons then ask once for both.
      {inputs.length > 0 && ` Its inputs are ${inputs.join(', ')}.`}
    </>
  )
}

function byWhom(viewer: string): string {
  return viewer === '' || viewer.length === 26 ? '' : `by ${viewer} `
}

/** Says which fields somebody else saved, too, since the form was opened. */
function Conflicts({ state: { conflicts } }: { state: RowState }) {
  const changed = formNames.filter((name) => conflicts[name] !== undefined)
  if (changed.length === 0) return null
  return (
    <section class='error-summary' tabindex={-1} role='alert' autofocus>
      <h2>Somebody else changed this model, too</h2>
      <ul>
        {changed.map((name) => (
          <li>
            <a href={`#${name}`}>{names[name]}</a>: what they saved is shown below the field.
          </li>
        ))}
      </ul>
      <p>Nothing was saved, and what you entered is still here. Press Save to replace theirs.</p>
    </section>
  )
}

/** The README as it will read, and the card of the model. */
export function EditPreview({
  model,
  preview,
  warmth,
  state,
}: Pick<ModelEditPageProps, 'model' | 'preview' | 'warmth' | 'state'>) {
  const paths = usePaths()
  return (
    <section class='result' id='preview' aria-label='Preview'>
      <header class='pane-head'>
        <h2>README, as it will read</h2>
        <button
          class='button'
          type='submit'
          form='edit-form'
          name='press'
          value='preview'
          formnovalidate
          {...hx({
            post: paths.modelEdit(model.ref),
            target: '#preview',
            swap: 'outerHTML',
          })}
        >
          Preview
        </button>
      </header>
      {state.texts.readme.trim() === '' ? (
        <p class='field-note'>There is no README.</p>
      ) : (
        <Markdown text={state.texts.readme} />
      )}
      <div class='stack'>
        <h2>In lists</h2>
        <div class='models'>
          <div class='models-grid'>
            <CardFrame model={preview}>
              <WarmthFact model={preview} warmth={warmth} />
            </CardFrame>
          </div>
        </div>
      </div>
    </section>
  )
}
