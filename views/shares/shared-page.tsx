import { Moment } from '../format.tsx'
import { PredictionDocument } from '../pages/prediction-page.tsx'
import type { PredictionPanelProps } from '../panel/prediction-panel.tsx'
import { LinkMeta, type LinkMetaProps } from '../record/link-meta.tsx'

export interface SharedPageProps extends PredictionPanelProps {
  readonly refreshSeconds: number
  /** For previews of the link. */
  readonly link: LinkMetaProps
}

/** A prediction as visitors with a share link see it. */
export function SharedPage(props: SharedPageProps) {
  const { refreshSeconds, link, ...panel } = props
  const { createdAt } = panel.prediction
  const head = (
    <>
      <meta name='robots' content='noindex' />
      <LinkMeta {...link} />
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
