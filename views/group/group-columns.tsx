import type { GroupMember } from '../../src/domain/group/group.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { outputOf } from '../../src/domain/prediction/output.ts'
import {
  hasEndedInVain,
  isSettled,
  type Prediction,
} from '../../src/domain/prediction/prediction.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import { Took } from '../history/took.tsx'
import { ModelLink } from '../model/model-link.tsx'
import { Failure } from '../outputs/error-output.tsx'
import { OutputView } from '../outputs/index.tsx'
import { StatusWord } from '../panel/prediction-list-item.tsx'
import { usePaths } from '../site.ts'
import { CellThumbs, PendingMark, type ShownCell } from './group-cell.tsx'
import { CompareBox, type RunOffers, RunsButton } from './run-buttons.tsx'

/** A run of a comparison with all that it made. */
export interface WholeRun {
  readonly prediction: Prediction
  readonly schema: ModelSchema
}

interface ColumnsProps {
  readonly cells: readonly ShownCell[]
  /** The whole runs, by their places. */
  readonly whole: ReadonlyMap<number, WholeRun>
  /** The current time, for clocks. */
  readonly now: number
  readonly offers: RunOffers
  readonly mayReuse: boolean
}

/** The runs of a comparison beside each other. */
export function GroupColumns({ cells, whole, ...rest }: ColumnsProps) {
  return (
    <div class='columns'>
      {cells.map((cell) => (
        <section>
          <Column cell={cell} whole={whole.get(cell.place)} {...rest} />
        </section>
      ))}
    </div>
  )
}

interface ColumnProps extends Pick<ColumnsProps, 'now' | 'offers' | 'mayReuse'> {
  readonly cell: ShownCell
  readonly whole: WholeRun | undefined
}

function Column({ cell, whole, now, offers, mayReuse }: ColumnProps) {
  if (cell.kind === 'hidden') return <p class='field-note'>A private model.</p>
  const model = cell.kind === 'run' ? cell.run.model : cell.plan.model
  return (
    <article class='prediction' aria-label={modelName(model)}>
      <header class='pane-head'>
        <h2 class='mono'>
          <ModelLink model={model} />
        </h2>
        {cell.kind === 'run' && <ColumnOffers run={cell.run} offers={offers} />}
      </header>
      {cell.kind === 'planned' && <Planned problem={cell.plan.problem} />}
      {cell.kind === 'run' && (
        <div class='facts'>
          <StatusWord prediction={cell.run} /> <Took prediction={cell.run} now={now} />{' '}
          <CellThumbs cell={cell} label={modelName(model)} />
        </div>
      )}
      {cell.kind === 'run' &&
        !isSettled(cell.run) &&
        (whole?.prediction.output ?? null) === null && (
          <div class='gallery one'>
            <div class='slot'>
              <PendingMark pending={cell.pending} label={modelName(model)} />
            </div>
          </div>
        )}
      {cell.kind === 'run' && whole && <RunResult {...whole} mayReuse={mayReuse} />}
    </article>
  )
}

function ColumnOffers({ run, offers }: { run: GroupMember; offers: RunOffers }) {
  return (
    <>
      {offers.compare && isSettled(run) && <CompareBox run={run} label={modelName(run.model)} />}
      {offers.change && <ColumnButton run={run} />}
    </>
  )
}

function ColumnButton({ run }: { run: GroupMember }) {
  const places = [run.group.place]
  const model = modelName(run.model)
  if (hasEndedInVain(run))
    return <RunsButton name='again' places={places} label={`Run ${model} again`} text='Run again' />
  if (isSettled(run)) return null
  return <RunsButton name='cancel' places={places} label={`Cancel ${model}`} text='Cancel' />
}

function Planned({ problem }: { problem: string | null }) {
  if (problem === null) return <p class='field-note'>It has not started yet.</p>
  return <Failure error={problem} />
}

function RunResult({ prediction, schema, mayReuse }: WholeRun & { readonly mayReuse: boolean }) {
  const paths = usePaths()
  const { id, model, error } = prediction
  const output = outputOf(prediction, schema.output)
  return (
    <>
      {error !== null && output.kind !== 'error' && <Failure error={error} />}
      {(isSettled(prediction) || output.kind !== 'empty') && (
        <OutputView output={output} prediction={id} id={`output-${id}`} />
      )}
      <div class='actions'>
        {mayReuse && (
          <a class='button' href={paths.workspace(model, id)}>
            Use these inputs
          </a>
        )}
        <a class='button bare' href={paths.prediction(id)}>
          Open
        </a>
      </div>
    </>
  )
}
