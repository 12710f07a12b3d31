import type { Child } from 'hono/jsx'
import type { StoredFile } from '../../src/domain/file/file.ts'
import type { CheckedRows } from '../../src/domain/group/batch-row.ts'
import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { QuotaUsed } from '../form/quota-used.tsx'
import { plural } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { FormKey, ResultPane } from '../panel/prediction-panel.tsx'
import { usePaths } from '../site.ts'
import { BatchFields } from './batch-fields.tsx'
import { BatchProblems, isStopped } from './batch-problems.tsx'
import { RowsTable } from './rows-table.tsx'

export interface BatchPageProps {
  readonly model: Model
  readonly warmth: Warmth
  /** For which account the runs are made, and who sees them; nothing where there is no choice. */
  readonly choice: Child
  /** Tells one press on Run from the next. */
  readonly formKey: string
  /** The files that were sent before. */
  readonly sent: Readonly<Record<'rows' | 'files', StoredFile | null>>
  /** A sentence about a file that is wrong, by its field. */
  readonly problems: Readonly<Partial<Record<'rows' | 'files', string>>>
  /** Whether rows that cannot be run are left out. */
  readonly leavesOut: boolean
  /** Null when no file has been read. */
  readonly checked: CheckedRows | null
  /** Why nothing was run, and what to do about it. */
  readonly problem?: string
  readonly advice?: string
  /** How long the runs take: `about 55 s`; empty when that is not known. */
  readonly estimate: string
  /** See `usedText`. */
  readonly quota: string
  /** The most rows of a file. */
  readonly mostRows: number
}

/** The page that runs a model for each row of a file. */
export function BatchPage(props: BatchPageProps) {
  const { model, warmth, sent, checked } = props
  const title = `Batch of ${modelName(model.ref)}`
  return (
    <Layout title={isStopped(props) ? `Error: ${title}` : title}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='playground' />
      <div class='workbench'>
        <div class='bench'>
          <BatchForm {...props} />
          <ResultPane>
            {checked && sent.rows ? (
              <RowsTable name={sent.rows.name} checked={checked} />
            ) : (
              <div class='empty'>
                <Pit />
                <h2>No rows yet</h2>
                <p>
                  The rows of the file appear here once they are read. None is run before all of
                  them have been checked.
                </p>
              </div>
            )}
          </ResultPane>
        </div>
      </div>
    </Layout>
  )
}

function BatchForm(props: BatchPageProps) {
  const { model, choice, formKey } = props
  const paths = usePaths()
  return (
    <form
      class='inputs'
      method='post'
      action={paths.modelBatch(model.ref)}
      enctype='multipart/form-data'
    >
      <FormKey value={formKey} />
      <header class='pane-head'>
        <h2>Batch</h2>
        <a class='button bare' href={paths.model(model.ref)}>
          One at a time
        </a>
      </header>
      {model.broken === null ? (
        <>
          <BatchProblems {...props} />
          <BatchFields {...props} />
          {choice}
          <Bar {...props} />
        </>
      ) : (
        <div class='failure'>
          <h2>This model cannot run</h2>
          <p>{model.broken}</p>
        </div>
      )}
    </form>
  )
}

/** Run, once all rows were checked; Check before that. */
function Bar(props: BatchPageProps) {
  const { checked, estimate, quota } = props
  const isReady = checked !== null && checked.ready > 0 && !isStopped(props)
  return (
    <footer class='run-bar'>
      <div>
        <button class='button run' type='submit' name='press' value={isReady ? 'run' : 'check'}>
          {isReady
            ? `Run ${checked.ready.toLocaleString('en-GB')}`
            : checked
              ? 'Check again'
              : 'Check'}
        </button>
        <p>
          {checked && plural(checked.ready, 'run')}
          {checked && estimate !== '' && `, ${estimate}`}
          <QuotaUsed text={quota} />
        </p>
      </div>
    </footer>
  )
}
