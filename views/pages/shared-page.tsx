import { modelName } from '../../src/domain/model.ts'
import { isSettled } from '../../src/domain/prediction.ts'
import { formatDay } from '../format.ts'
import { Layout } from '../layout.tsx'
import { ModelName } from '../model-name.tsx'
import { PredictionPanel, type PredictionPanelProps, stateMark } from '../prediction-panel.tsx'
import { LookAgain } from '../result-pane.tsx'
import { usePaths } from '../site.ts'
import { MadeFrom } from './prediction-page.tsx'

export interface SharedPageProps extends PredictionPanelProps {
  readonly refreshSeconds: number
  /** The page's own address, and its picture's, with scheme and host; no picture, no address. */
  readonly address: string
  readonly picture: string | null
  /** The inputs in one line. */
  readonly summary: string
}

/** A prediction as anyone with its link sees it. */
export function SharedPage(props: SharedPageProps) {
  const { refreshSeconds, address, picture, summary, ...panel } = props
  const { prediction } = panel
  const paths = usePaths()
  const name = modelName(prediction.model)
  const head = (
    <>
      <meta name='robots' content='noindex' />
      <meta property='og:type' content='article' />
      <meta property='og:site_name' content='Sandpit' />
      <meta property='og:title' content={`Made with ${name}`} />
      <meta property='og:description' content={summary} />
      <meta property='og:url' content={address} />
      {picture !== null && <meta property='og:image' content={picture} />}
      <meta name='twitter:card' content={picture === null ? 'summary' : 'summary_large_image'} />
      {!isSettled(prediction) && (
        <noscript>
          <meta http-equiv='refresh' content={String(refreshSeconds)} />
        </noscript>
      )}
    </>
  )
  return (
    <Layout title={`${stateMark(prediction)} ${name}`} head={head}>
      <header class='page-head'>
        <p class='facts'>
          <span>Shared prediction, made {formatDay(prediction.createdAt)}</span>
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
            {!isSettled(prediction) && <LookAgain id={prediction.id} seconds={refreshSeconds} />}
          </section>
          <MadeFrom {...panel} />
        </div>
      </div>
    </Layout>
  )
}
