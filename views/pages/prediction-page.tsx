import { modelName } from '../../src/domain/model.ts'
import { isSettled } from '../../src/domain/prediction.ts'
import { formatDay, formatTime } from '../format.ts'
import { Given } from '../given.tsx'
import { Layout } from '../layout.tsx'
import { ModelName } from '../model-name.tsx'
import { PredictionPanel, type PredictionPanelProps, stateMark } from '../prediction-panel.tsx'
import { LookAgain } from '../result-pane.tsx'
import { ShareBox, type ShareBoxProps } from '../share-box.tsx'
import { usePaths } from '../site.ts'

export interface PredictionPageProps extends PredictionPanelProps {
  /** Seconds after which a browser without scripts asks again. */
  readonly refreshSeconds: number
  /** The links to it, for whoever may share it. */
  readonly share: ShareBoxProps | null
}

/** A prediction's permanent page: what went in, what came out, and how it went. */
export function PredictionPage({ refreshSeconds, share, ...panel }: PredictionPageProps) {
  const { prediction } = panel
  const paths = usePaths()
  const name = modelName(prediction.model)
  const refresh = !isSettled(prediction) && (
    <noscript>
      <meta http-equiv='refresh' content={String(refreshSeconds)} />
    </noscript>
  )
  return (
    <Layout title={`${stateMark(prediction)} ${name}`} head={refresh}>
      <header class='page-head'>
        <p class='facts'>
          <a href={paths.predictions()}>Predictions</a>{' '}
          <time datetime={new Date(prediction.createdAt).toISOString()}>
            {formatDay(prediction.createdAt)} at {formatTime(prediction.createdAt)}
          </time>
        </p>
        <h1 class='model-name'>
          <a href={paths.model(prediction.model)}>
            <ModelName model={prediction.model} />
          </a>
        </h1>
      </header>
      <div class='workbench'>
        <div class='bench'>
          <section class='result' id='result' aria-label='Output'>
            <PredictionPanel {...panel} />
            {share && <ShareBox {...share} />}
            {!isSettled(prediction) && <LookAgain id={prediction.id} seconds={refreshSeconds} />}
          </section>
          <MadeFrom {...panel} />
        </div>
      </div>
    </Layout>
  )
}

/** What went in, and which version of the model took it. */
export function MadeFrom({
  prediction,
  schema,
}: Pick<PredictionPanelProps, 'prediction' | 'schema'>) {
  return (
    <section class='inputs' aria-labelledby='given'>
      <header class='pane-head'>
        <h2 id='given'>Input</h2>
      </header>
      <div class='stack'>
        <Given input={prediction.input} schema={schema} files={prediction.files} />
        <h2>Made with</h2>
        <dl class='given'>
          <div>
            <dt>version</dt>
            <dd class='mono' title={prediction.version}>
              {prediction.version.slice(0, 12)}
            </dd>
          </div>
          <div>
            <dt>id</dt>
            <dd class='mono'>{prediction.id}</dd>
          </div>
        </dl>
      </div>
    </section>
  )
}
