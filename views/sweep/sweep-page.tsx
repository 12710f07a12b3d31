import type { Child } from 'hono/jsx'
import { type Form, hasErrors } from '../../src/domain/form/form.ts'
import { mayVary, mostAxes } from '../../src/domain/group/sweep.ts'
import type { Varied } from '../../src/domain/group/sweep-form.ts'
import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { type EarlierChoice, EarlierContext } from '../fields/earlier-files.tsx'
import { ErrorSummary } from '../form/error-summary.tsx'
import { FormFields } from '../form/form-fields.tsx'
import { plural } from '../format.tsx'
import { hx } from '../hx.ts'
import { Layout } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { FormKey } from '../panel/prediction-panel.tsx'
import { usePaths } from '../site.ts'
import { SweepCount, type SweepCountProps } from './sweep-count.tsx'
import { VariedRow, VaryButton } from './varied-row.tsx'

export interface SweepPageProps {
  readonly model: Model
  readonly warmth: Warmth
  readonly form: Form
  /** The inputs that vary: the rows of the grid, then its columns. */
  readonly varied: readonly Varied[]
  readonly count: SweepCountProps
  /** The most runs of a grid. */
  readonly most: number
  readonly formKey: string
  readonly choice: Child
  readonly earlier: EarlierChoice | null
  /** Whether Run was pressed before the number of runs was said. */
  readonly asks?: boolean
  /** A sentence about the whole form. */
  readonly problem?: string
  readonly advice?: string
}

/** The form of a model in which one or two inputs take several values. */
export function SweepPage(props: SweepPageProps) {
  const { model, warmth, form, problem, advice } = props
  const paths = usePaths()
  const isWrong = hasErrors(form) || problem !== undefined
  const name = modelName(model.ref)
  return (
    <Layout title={isWrong ? `Error: Vary ${name}` : `Vary ${name}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='playground' />
      <form
        method='post'
        action={paths.modelSweep(model.ref)}
        enctype='multipart/form-data'
        id='sweep'
      >
        <FormKey value={props.formKey} />
        {/* Enter in a field presses the first submit button of a form. */}
        <button class='visually-hidden' type='submit' name='run' tabindex={-1} aria-hidden='true'>
          Run
        </button>
        <div class='workbench measure'>
          <section class='inputs' aria-label='Input'>
            <header class='pane-head'>
              <h2>Vary</h2>
              <span class='field-note'>
                One or two inputs take several values: a grid of at most {plural(props.most, 'run')}
                .
              </span>
            </header>
            <ErrorSummary form={form} occasion='run' problem={problem} advice={advice} />
            {props.asks && <Asks {...props.count} />}
            <EarlierContext.Provider value={props.earlier}>
              <SweepFields {...props} />
            </EarlierContext.Provider>
            {props.choice}
            <RunGrid {...props} />
          </section>
        </div>
      </form>
    </Layout>
  )
}

function Asks({ cells, takes }: SweepCountProps) {
  return (
    <p class='notice' role='status' id='asks' tabindex={-1} autofocus>
      <span>
        This makes {plural(cells ?? 0, 'run')}
        {takes !== '' && `, ${takes} in all`}. Press Run to start them.
      </span>
    </p>
  )
}

function SweepFields({ form, varied }: SweepPageProps) {
  const placeOf = (name: string) => varied.findIndex((axis) => axis.name === name)
  return (
    <FormFields
      form={form}
      pressed={varied.at(-1)?.name}
      none='This model has no inputs.'
      asideOf={({ property }) =>
        mayVary(property) && <VaryButton name={property.name} isFull={varied.length === mostAxes} />
      }
      rowOf={(field) => {
        const place = placeOf(field.property.name)
        return place >= 0 ? <VariedRow field={field} across={place === 1} /> : null
      }}
    />
  )
}

function RunGrid({ model, count }: SweepPageProps) {
  const paths = usePaths()
  return (
    <footer class='run-bar'>
      <div>
        <button class='button run' type='submit' name='run'>
          Run
        </button>
        <p
          {...hx({
            get: paths.modelSweepCount(model.ref),
            trigger: 'change from:#sweep',
            include: '#sweep [data-axis]',
            swap: 'innerHTML',
          })}
        >
          <SweepCount {...count} />
        </p>
        <a class='button bare' href={paths.model(model.ref)}>
          Back to one run
        </a>
      </div>
    </footer>
  )
}
