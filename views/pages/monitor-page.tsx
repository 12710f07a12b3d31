import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { ColdStart } from '../../src/domain/prediction/durations.ts'
import type { TimedCounts } from '../../src/domain/statistics/run-counts.ts'
import { plural } from '../format.tsx'
import { hx } from '../hx.ts'
import { Layout } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelHealthNote, type ShownHealth } from '../model/model-health.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { Instances, type InstancesProps } from '../monitor/instances.tsx'
import { type FailedRun, LastErrors } from '../monitor/last-errors.tsx'
import { RunFigures } from '../monitor/run-figures.tsx'
import { Timeline } from '../panel/timeline.tsx'
import { usePaths } from '../site.ts'

export type MonitorSpan = 'day' | 'month'

export interface MonitorPageProps {
  readonly model: Model
  readonly warmth: Warmth
  readonly health: ShownHealth
  readonly span: MonitorSpan
  /** Without gaps, in order. */
  readonly times: readonly TimedCounts[]
  /** The last that failed, newest first. */
  readonly failed: readonly FailedRun[]
  /** How many run, and how many wait. */
  readonly load: { readonly running: number; readonly waiting: number }
  /** Null for a model whose provider starts no instances. */
  readonly instances: InstancesProps | null
  /** The last run that booted it; null when that is not known. */
  readonly coldStart: ColdStart | null
}

/** How a model is doing, for operators. */
export function MonitorPage(props: MonitorPageProps) {
  const { model, warmth, health, span, times, failed, load, instances, coldStart } = props
  const paths = usePaths()
  const here = paths.modelMonitor(model.ref)
  return (
    <Layout title={`Runs: ${modelName(model.ref)}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='monitor' />
      {instances ? (
        <section aria-labelledby='instances'>
          <div
            {...hx({
              get: paths.modelInstances(model.ref),
              trigger: 'every 4s',
              target: 'this',
              swap: 'innerMorph',
            })}
            {...{ 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }}
          >
            <Instances {...instances} />
          </div>
        </section>
      ) : (
        <section aria-labelledby='now'>
          <header class='section-head'>
            <h2 id='now'>Now</h2>
            <p>
              {plural(load.running, 'run')} at work, {load.waiting.toLocaleString('en-GB')} waiting
            </p>
          </header>
          <ModelHealthNote {...health} />
        </section>
      )}
      <section class='models' aria-labelledby='runs'>
        <header class='section-head'>
          <h2 id='runs'>Runs</h2>
          <nav class='tasks' aria-label='Over'>
            <a href={here} aria-current={span === 'day' ? 'true' : undefined}>
              A day
            </a>{' '}
            <a href={`${here}?over=month`} aria-current={span === 'month' ? 'true' : undefined}>
              A month
            </a>
          </nav>
        </header>
        <RunFigures span={span} times={times} />
      </section>
      <section aria-labelledby='errors'>
        <header class='section-head'>
          <h2 id='errors'>Last errors</h2>
          {failed.length > 0 && (
            <a href={`${paths.predictions()}?model=${modelName(model.ref)}&status=failed`}>All</a>
          )}
        </header>
        {failed.length === 0 ? (
          <p class='field-note'>No run of it has failed.</p>
        ) : (
          <LastErrors failed={failed} />
        )}
      </section>
      {coldStart && (
        <section aria-labelledby='cold-start'>
          <header class='section-head'>
            <h2 id='cold-start'>The last cold start, from asked to saved</h2>
            <a class='mono' href={paths.prediction(coldStart.id)}>
              p/{coldStart.id.slice(0, 8)}…
            </a>
          </header>
          <Timeline of={coldStart} />
        </section>
      )}
    </Layout>
  )
}
