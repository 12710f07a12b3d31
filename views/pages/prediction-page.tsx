import type { Child } from 'hono/jsx'
import { modelName } from '../../src/domain/model-ref.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { ModelName, Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { DeliveryLog, type DeliveryLogProps } from '../panel/delivery-log.tsx'
import { InputList } from '../panel/input-list.tsx'
import {
  LookAgain,
  type PredictionPanelProps,
  Refresh,
  stateMark,
  WatchedPanel,
} from '../panel/prediction-panel.tsx'
import { ShareBox, type ShareBoxProps } from '../panel/share-box.tsx'
import { usePaths, useSite } from '../site.ts'

export interface PredictionPageProps extends PredictionPanelProps {
  /** Seconds after which a browser without scripts asks again. */
  readonly refreshSeconds: number
  /** The share links; null when there are none, or the viewer may not share it. */
  readonly share: ShareBoxProps | null
  /** The deliveries to its webhook; null when it has none. */
  readonly deliveries: DeliveryLogProps | null
}

/** The permanent page of a prediction. */
export function PredictionPage(props: PredictionPageProps) {
  const { refreshSeconds, share, deliveries, ...panel } = props
  const { createdAt } = panel.prediction
  const facts = (
    <>
      <a href={usePaths().predictions()}>Predictions</a> <Moment at={createdAt} shows='both' />
    </>
  )
  return (
    <PredictionDocument
      panel={panel}
      refreshSeconds={refreshSeconds}
      facts={facts}
      below={
        <>
          {share && <ShareBox {...share} />}
          {deliveries && <DeliveryLog {...deliveries} />}
        </>
      }
    />
  )
}

export interface PredictionDocumentProps {
  readonly panel: PredictionPanelProps
  /** Seconds after which a browser without scripts asks again. */
  readonly refreshSeconds: number
  /** Above the model's name. */
  readonly facts: Child
  /** Below the panel. */
  readonly below?: Child
  /** More for the document's head. */
  readonly head?: Child
}

/** The page of a prediction: its panel beside its inputs. */
export function PredictionDocument(props: PredictionDocumentProps) {
  const { panel, refreshSeconds, facts, below, head } = props
  const { prediction } = panel
  const { paths, guest } = useSite()
  const here = paths.prediction(prediction.id)
  const running = !isSettled(prediction)
  const refresh = running && <Refresh here={here} seconds={refreshSeconds} />
  const title = `${stateMark(prediction)} ${modelName(prediction.model)}`
  return (
    <Layout title={title} head={[head, refresh]}>
      <header class='page-head'>
        <p class='facts'>{facts}</p>
        <h1 class='model-name'>
          {guest ? (
            <ModelName model={prediction.model} />
          ) : (
            <a href={paths.model(prediction.model)}>
              <ModelName model={prediction.model} />
            </a>
          )}
        </h1>
      </header>
      <div class='workbench'>
        <div class='bench'>
          <section class='result' id='result' aria-label='Output'>
            <WatchedPanel {...panel} here={here} />
            {below}
            {running && <LookAgain here={here} seconds={refreshSeconds} />}
          </section>
          <MadeFrom {...panel} />
        </div>
      </div>
    </Layout>
  )
}

/** The inputs, and the version of the model. */
function MadeFrom({ prediction, schema, may }: PredictionPanelProps) {
  const paths = usePaths()
  const version = prediction.version.slice(0, 12)
  return (
    <section class='inputs' aria-labelledby='given'>
      <header class='pane-head'>
        <h2 id='given'>Input</h2>
      </header>
      <div class='stack'>
        <InputList
          prediction={prediction.id}
          input={prediction.input}
          schema={schema}
          files={prediction.files}
        />
        <h2>Made with</h2>
        <dl class='given'>
          <div>
            <dt>version</dt>
            <dd class='mono' title={prediction.version}>
              {may.follow ? (
                <a href={paths.modelVersion(prediction.model, prediction.version)}>{version}</a>
              ) : (
                version
              )}
            </dd>
          </div>
        </dl>
      </div>
    </section>
  )
}
