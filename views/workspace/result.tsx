import { makes } from '../../src/domain/model/makes.ts'
import { isDescribed, type Model } from '../../src/domain/model/model.ts'
import { isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import { Pit } from '../layout.tsx'
import { makesNames } from '../model/model-card.tsx'
import {
  LookAgain,
  type PredictionPanelProps,
  ResultPane,
  WatchedPanel,
} from '../panel/prediction-panel.tsx'
import { ViewerActions, type ViewerActionsProps } from '../panel/viewer-actions.tsx'
import { usePaths } from '../site.ts'
import { BroughtExample, ChosenExample } from './example-pane.tsx'
import { NextTurn } from './next-turn.tsx'
import { type EarlierTurn, Thread } from './thread.tsx'

/** The pane beside a form: a result, an example or neither. */
export type ShownResult =
  | { readonly kind: 'none' }
  /** The address names a prediction that the viewer cannot open here. */
  | { readonly kind: 'missing' }
  /** The output that the model brings for its example. */
  | { readonly kind: 'brought' }
  /** A prediction that is the example, with the schema of its version. */
  | { readonly kind: 'example'; readonly prediction: Prediction; readonly schema: ModelSchema }
  | ShownPrediction

export interface ShownPrediction {
  readonly kind: 'prediction'
  readonly panel: PredictionPanelProps
  readonly actions: ViewerActionsProps
  /** Seconds after which a browser without scripts asks again. */
  readonly refreshSeconds: number
  /** Whether it was made with the latest version of its model. */
  readonly isLatest: boolean
  /** Whether the form beside it runs the version that it was made with. */
  readonly runs: boolean
  /** Tells one press on Continue from the next. */
  readonly formKey: string
  /** The turns before it, of a conversation. */
  readonly earlier: readonly EarlierTurn[]
}

/** The right half of the page of a model. */
export function Result({ model, result }: { model: Model; result: ShownResult }) {
  if (result.kind === 'brought') return <BroughtExample model={model} />
  if (result.kind === 'example') return <ChosenExample {...result} />
  if (result.kind === 'prediction') return <PredictionResult {...result} />
  return (
    <ResultPane>
      {result.kind === 'missing' && (
        <p class='notice' role='status'>
          <span>
            The prediction in this address cannot be opened here. It may have been deleted, belong
            to another model, or be private.
          </span>
        </p>
      )}
      <header class='pane-head'>
        <h2>Output</h2>
      </header>
      <div class='empty'>
        <Pit />
        <h2>No output yet</h2>
        <p>
          {outputName(model)} will appear here as the model runs. You can leave this page: the
          prediction keeps running and has its own link.
        </p>
      </div>
    </ResultPane>
  )
}

/** `Pictures`, `Text`: in the beginning of a sentence. */
function outputName(model: Model): string {
  const name = isDescribed(model) ? makesNames[makes(model)] : 'output'
  return `${name[0]?.toUpperCase()}${name.slice(1)}`
}

function PredictionResult(props: ShownPrediction) {
  const { panel, refreshSeconds, isLatest, runs } = props
  const { model, id } = panel.prediction
  const here = usePaths().workspace(model, id)
  return (
    <ResultPane>
      {!isLatest && <OlderVersion panel={panel} runs={runs} />}
      <InputsChanged />
      <Turn {...props} here={here} mayRun={runs && panel.may.rerun} />
      {!isSettled(panel.prediction) && <LookAgain here={here} seconds={refreshSeconds} />}
    </ResultPane>
  )
}

interface TurnProps extends Pick<ShownPrediction, 'panel' | 'actions' | 'formKey' | 'earlier'> {
  /** The address of the page. */
  readonly here: string
  readonly mayRun: boolean
}

/** A prediction beside its form; of a conversation, all before it, and the form of the next turn below it. */
export function Turn({ panel, actions, formKey, earlier, here, mayRun }: TurnProps) {
  return (
    <>
      <Thread {...panel} earlier={earlier} />
      <WatchedPanel {...panel} here={here} />
      <ViewerActions {...actions} />
      <NextTurn {...panel} formKey={formKey} mayRun={mayRun} />
    </>
  )
}

/** Names the inputs that differ from those of the result: `public/kept-inputs.js` shows it. */
export function InputsChanged() {
  return (
    <p class='notice' id='inputs-changed' role='status' hidden>
      <span>
        Inputs changed since this run: <code data-names />
      </span>{' '}
      <button class='button bare' type='button' data-discards>
        Put them back
      </button>
    </p>
  )
}

/** Says which version the form runs, beside a result of an older one. */
function OlderVersion({ panel, runs }: Pick<ShownPrediction, 'panel' | 'runs'>) {
  const paths = usePaths()
  const { model, version, id } = panel.prediction
  const link = (
    <a class='mono' href={paths.modelVersion(model, version)}>
      {version.slice(0, 12)}
    </a>
  )
  if (!runs)
    return (
      <p class='notice'>
        <span>
          Made with version {link}, which can no longer be run. The form is that of the latest
          version: check the inputs before you press Run.
        </span>
      </p>
    )
  return (
    <p class='notice'>
      <span>Made with the older version {link}. The form and Run again use it, too.</span>{' '}
      <a class='button bare' href={`${paths.model(model)}?from=${id}`}>
        Use the latest version
      </a>
    </p>
  )
}
