import type { Child } from 'hono/jsx'
import type { Form } from '../../src/domain/form/form.ts'
import type { Warmth } from '../../src/domain/model/model.ts'
import { type ModelRef, modelName } from '../../src/domain/model-ref.ts'
import { type EarlierChoice, EarlierContext } from '../fields/earlier-files.tsx'
import { SeedContext } from '../fields/same-seed.tsx'
import { hx } from '../hx.ts'
import { FormKey } from '../panel/prediction-panel.tsx'
import { usePaths } from '../site.ts'
import { Beside } from '../workspace/beside.tsx'
import { ErrorSummary, type FormOccasion } from './error-summary.tsx'
import { FormFields } from './form-fields.tsx'
import { InputLink } from './input-link.tsx'
import { Restored, RunBar } from './run-bar.tsx'

export interface PredictionFormProps {
  readonly model: ModelRef
  /** Id of the model’s version. */
  readonly version: string
  /** Whether the form was opened for an earlier version, which is then the one that runs. */
  readonly isPinned?: boolean
  readonly form: Form
  /** Tells one press on Run from the next. */
  readonly formKey: string
  readonly warmth: Warmth
  /** See `RunBar`. */
  readonly estimate?: string | undefined
  readonly quota?: string | undefined
  /** Id of the prediction beside the form; empty when there is none. */
  readonly beside: string
  /** The seed of that prediction; left out when it is not known. */
  readonly seed?: number | bigint | null
  /** Whether to show Load example. */
  readonly hasExample: boolean
  /** Whether an input is a secret or may hold one: lists and JSON are then not kept in the browser. */
  readonly hasSecrets: boolean
  /**
   * The address of the form, for viewers who may run the model by a share link alone, so that nothing here leads to
   * pages that are not theirs.
   */
  readonly byShare?: string | undefined
  /** For which account the run is made, and who sees it; nothing where there is no choice. */
  readonly choice?: Child
  /** The viewer’s last runs, under the form; none for a part of a page. */
  readonly lastRuns?: Child
  /** Whether the form is blank or filled with the example, as the page opens. */
  readonly filled?: 'blank' | 'example' | undefined
  readonly occasion?: FormOccasion | undefined
  /** A sentence about the whole form, such as why nothing was run. */
  readonly problem?: string | undefined
  /** A sentence on what to do about it. */
  readonly advice?: string | undefined
  /** The input as JSON text, for the JSON view. */
  readonly json?: string | undefined
  /** The URL of this form with these inputs, after Copy link. */
  readonly link?: string | undefined
  /** The files of earlier predictions to choose from, shown in the field that they are for. */
  readonly earlier?: EarlierChoice | undefined
  /** The input whose button was pressed, which stays in view. */
  readonly pressed?: string | undefined
}

/** The form of a model, generated from its schema. */
export function PredictionForm(props: PredictionFormProps) {
  const { model, version, form, formKey, warmth, byShare } = props
  const paths = usePaths()
  return (
    <form
      class='inputs'
      id='prediction-form'
      method='post'
      action={paths.predictions()}
      enctype='multipart/form-data'
      data-secrets={props.hasSecrets ? '' : undefined}
      {...hx({
        post: paths.predictions(),
        target: '#result',
        swap: 'outerHTML',
        sync: 'this:drop',
      })}
    >
      <input type='hidden' name='model' value={modelName(model)} />
      <input type='hidden' name='version' value={version} />
      {props.isPinned && <input type='hidden' name='pinned' value='' />}
      <FormKey value={formKey} />
      <Beside id={props.beside} />
      {/* Enter in a field presses the first submit button of a form. */}
      <button class='visually-hidden' type='submit' tabindex={-1} aria-hidden='true'>
        Run
      </button>
      <header class='pane-head'>
        <h2>Input</h2>
        {byShare === undefined && <HeadLinks {...props} />}
        <ViewSwitch json={props.json !== undefined} />
      </header>
      <Restored />
      <ErrorSummary
        form={form}
        occasion={props.occasion ?? 'opened'}
        problem={props.problem}
        advice={props.advice}
      />
      {props.json === undefined ? (
        <EarlierContext.Provider value={props.earlier ?? null}>
          <SeedContext.Provider value={props.seed?.toString() ?? null}>
            <FormFields form={form} pressed={props.pressed} none='This model has no inputs.' />
          </SeedContext.Provider>
        </EarlierContext.Provider>
      ) : (
        <JsonInput text={props.json} />
      )}
      {byShare === undefined && <Elsewhere model={model} />}
      {props.choice}
      {props.link !== undefined && <InputLink href={props.link} code={paths.modelApi(model)} />}
      <RunBar
        reset={byShare ?? paths.model(model)}
        warmth={warmth}
        estimate={props.estimate}
        quota={props.quota}
      />
      {props.lastRuns}
    </form>
  )
}

/** Lead to the form with other values, and to that of a file of them. */
function HeadLinks({ model, filled, hasExample }: PredictionFormProps) {
  const paths = usePaths()
  return (
    <>
      {filled === 'example' ? (
        <a class='button bare' href={`${paths.model(model)}?blank`}>
          Clear
        </a>
      ) : (
        hasExample && (
          <a class='button bare' href={paths.model(model)}>
            Load example
          </a>
        )
      )}
      <a class='button bare' href={paths.modelBatch(model)}>
        Batch
      </a>
    </>
  )
}

/** Takes the inputs to another form. Its buttons are sent by the browser itself: see `public/form.js`. */
function Elsewhere({ model }: { readonly model: ModelRef }) {
  const paths = usePaths()
  const buttons = [
    ['Compare with…', paths.compare()],
    ['Vary…', paths.modelSweep(model)],
  ] as const
  return (
    <p class='actions'>
      {buttons.map(([words, action]) => (
        <button class='button bare' type='submit' formaction={action} formnovalidate>
          {words}
        </button>
      ))}
    </p>
  )
}

/** The JSON view. */
function JsonInput({ text }: { text: string }) {
  return (
    <textarea
      class='json whole'
      id='whole-input'
      name='json'
      rows={Math.min(40, Math.max(12, text.split('\n').length + 1))}
      spellcheck={false}
      aria-label='Input as JSON'
    >
      {text}
    </textarea>
  )
}

/** Switches between the fields and the JSON view. */
function ViewSwitch({ json }: { json: boolean }) {
  return (
    <div class='switch' role='group' aria-label='Input as'>
      {(['form', 'json'] as const).map((view) => (
        <button
          type='submit'
          name='view'
          value={view}
          formnovalidate
          aria-current={json === (view === 'json') ? 'true' : undefined}
        >
          {view === 'form' ? 'Form' : 'JSON'}
        </button>
      ))}
    </div>
  )
}
