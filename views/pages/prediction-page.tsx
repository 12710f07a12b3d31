import { Moment } from '../format.tsx'
import { DeliveryLog, type DeliveryLogProps } from '../panel/delivery-log.tsx'
import { PredictionDocument } from '../panel/prediction-document.tsx'
import type { PredictionPanelProps } from '../panel/prediction-panel.tsx'
import { ShareBox, type ShareBoxProps } from '../panel/share-box.tsx'
import { usePaths } from '../site.ts'

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
