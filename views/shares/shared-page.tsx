import { modelName } from '../../src/domain/model-ref.ts'
import { Moment } from '../format.tsx'
import { PredictionDocument } from '../pages/prediction-page.tsx'
import type { PredictionPanelProps } from '../panel/prediction-panel.tsx'

export interface SharedPageProps extends PredictionPanelProps {
  readonly refreshSeconds: number
  /** The absolute URLs of the page and of its preview picture; null when there is none. */
  readonly address: string
  readonly picture: string | null
  /** The inputs in one line. */
  readonly summary: string
}

/** A prediction as visitors with a share link see it. */
export function SharedPage(props: SharedPageProps) {
  const { refreshSeconds, address, picture, summary, ...panel } = props
  const { model, createdAt } = panel.prediction
  const head = (
    <>
      <meta name='robots' content='noindex' />
      <meta property='og:type' content='article' />
      <meta property='og:site_name' content='Sandpit' />
      <meta property='og:title' content={`Made with ${modelName(model)}`} />
      <meta property='og:description' content={summary} />
      <meta property='og:url' content={address} />
      {picture !== null && <meta property='og:image' content={picture} />}
      <meta name='twitter:card' content={picture === null ? 'summary' : 'summary_large_image'} />
    </>
  )
  return (
    <PredictionDocument
      panel={panel}
      refreshSeconds={refreshSeconds}
      facts={
        <span>
          Shared prediction, created <Moment at={createdAt} shows='day' />
        </span>
      }
      head={head}
    />
  )
}
