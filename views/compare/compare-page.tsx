import type { Child } from 'hono/jsx'
import type { ComparedForm } from '../../src/domain/group/compared-form.ts'
import { type Comparison, scopeOf } from '../../src/domain/group/comparison.ts'
import { isOver } from '../../src/domain/group/progress.ts'
import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { FieldScope } from '../fields/control.ts'
import { type EarlierChoice, EarlierContext } from '../fields/earlier-files.tsx'
import { WrongFields } from '../form/error-summary.tsx'
import { type GroupPanelProps, groupTitle } from '../group/group-panel.tsx'
import { Layout } from '../layout.tsx'
import { FormKey, Refresh } from '../panel/prediction-panel.tsx'
import { usePaths } from '../site.ts'
import { ComparedModels } from './compared-models.tsx'
import { ComparedRuns, refreshSeconds } from './compared-runs.tsx'
import { SharedSection } from './shared-section.tsx'

/** A model of the comparison, as it stands now. */
export interface ComparedColumn {
  readonly model: Model
  readonly warmth: Warmth
  /** See `runEstimate`. */
  readonly estimate: string
}

export interface ComparePageProps {
  readonly comparison: Comparison
  readonly columns: readonly ComparedColumn[]
  readonly form: ComparedForm
  /** A sentence for each model that was asked for and is not here. */
  readonly missing: readonly string[]
  /** Names of models to be added. */
  readonly offered: readonly string[]
  readonly formKey: string
  /** How long all runs take, in milliseconds; null when that is not known. */
  readonly takesMs: number | null
  /** See `usedText`. */
  readonly quota: string
  readonly choice: Child
  /** The runs below the form; null for none. */
  readonly results: GroupPanelProps | null
  /** Whether the page answers a form that was sent. */
  readonly isSent: boolean
  /** A sentence about the whole form. */
  readonly problem?: string
  /** A sentence on what to do about it. */
  readonly advice?: string
  /** The URL of the form with its inputs, after Copy link. */
  readonly link?: string | undefined
  readonly earlier: EarlierChoice | null
  /** The input whose button was pressed, by its name in the whole form. */
  readonly pressed?: string | undefined
}

/** One form for several models, whose runs are shown beside each other. */
export function ComparePage(props: ComparePageProps) {
  const isWrong = hasProblems(props)
  const { columns, results } = props
  return (
    <Layout title={titleOf(props, isWrong)} current='compare' head={<RefreshOf {...props} />}>
      <header class='page-head'>
        <h1>Compare</h1>
        <p class='lede'>
          The same inputs to each model, the results beside each other. Every column is an ordinary
          prediction.
        </p>
      </header>
      <form method='post' action={usePaths().compare()} enctype='multipart/form-data'>
        {columns.map(({ model }) => (
          <input type='hidden' name='models' value={modelName(model.ref)} />
        ))}
        {results && <input type='hidden' name='group' value={results.group.id} />}
        <FormKey value={props.formKey} />
        {/* Enter in a field presses the first submit button of a form. */}
        <button class='visually-hidden' type='submit' name='run' tabindex={-1} aria-hidden='true'>
          Run all
        </button>
        <EarlierContext.Provider value={props.earlier}>
          <div class='workbench'>
            {isWrong && <Problems {...props} />}
            <div class='bench'>
              {columns.length > 0 && <SharedSection {...props} />}
              <ComparedModels {...props} />
            </div>
          </div>
        </EarlierContext.Provider>
      </form>
      {results && <ComparedRuns {...results} refreshes={!props.isSent} />}
    </Layout>
  )
}

function titleOf({ results }: ComparePageProps, isWrong: boolean): string {
  if (isWrong) return 'Error: Compare'
  return results ? groupTitle(results.group, results.progress) : 'Compare'
}

/** Reloads a page with runs that have not ended, in browsers without scripts, but not one with the answer to a form. */
function RefreshOf({ results, isSent }: ComparePageProps) {
  const here = usePaths().comparedGroup(results?.group.id ?? '')
  if (!results || isSent || isOver(results.group, results.progress)) return null
  return <Refresh here={here} seconds={refreshSeconds} />
}

function hasProblems({ form, missing, problem }: ComparePageProps): boolean {
  const isWrong = [form.shared, ...form.own].some(({ fields }) =>
    fields.some(({ error }) => error !== null),
  )
  return isWrong || missing.length > 0 || problem !== undefined
}

/** All that is wrong, each with a link to its field. */
function Problems({ comparison, form, missing, problem, advice, isSent }: ComparePageProps) {
  return (
    <section class='error-summary' id='problems' tabindex={-1} role='alert' autofocus>
      <h2>{problem ?? missing[0] ?? 'Some inputs need attention'}</h2>
      <ul>
        {missing.slice(problem === undefined ? 1 : 0).map((sentence) => (
          <li>{sentence}</li>
        ))}
        <WrongFields form={form.shared} />
        {form.own.map((own, at) => {
          const ref = comparison.models[at]?.ref
          return (
            <FieldScope.Provider value={ref ? scopeOf(ref) : ''}>
              <WrongFields form={own} />
            </FieldScope.Provider>
          )
        })}
      </ul>
      {isSent && (
        <p>{advice && `${advice} `}Nothing was run. Your inputs and files are still here.</p>
      )}
    </section>
  )
}
