import { Moment } from '../format.tsx'
import { DeliveryLog, type DeliveryLogProps } from '../panel/delivery-log.tsx'
import { PredictionDocument } from '../panel/prediction-document.tsx'
import type { PredictionPanelProps } from '../panel/prediction-panel.tsx'
import { ShareBox, type ShareBoxProps } from '../panel/share-box.tsx'
import { usePaths } from '../site.ts'

export interface PredictionPageProps extends PredictionPanelProps {
  /** Seconds after which a browser without scripts asks again. */
  readonly refreshSeconds: number
  /** The links to it, for whoever may share it. */
  readonly share: ShareBoxProps | null
  /** What its webhook was told, for whoever asked for it. */
  readonly deliveries: DeliveryLogProps | null
}

/** A prediction's permanent page: what went in, what came out, and how it went. */
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
